/// A file beside a media file with the question about it.
struct Sidecar {
  var name: BytePath
  /// Whether the whole text is one question; otherwise the file is JSON.
  var isText: Bool
  var status: FileStatus
}
