/// A file beside a media file that says what is asked about it.
struct Sidecar {
  var name: BytePath
  /// Whether all of it is one question; otherwise it is JSON.
  var isText: Bool
  var status: FileStatus
}
