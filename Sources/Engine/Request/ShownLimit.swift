/// Limits on one source where less of it is shown than was asked for.
struct ShownLimit: Sendable, Equatable {
  /// The most pixels of an image or frame.
  var pixels: Int?
  /// The exact number of frames of a video.
  var frames: Int?
}
