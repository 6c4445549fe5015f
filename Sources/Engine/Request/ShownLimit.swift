/// How much of one source is shown, where that is less than was asked for.
struct ShownLimit: Sendable, Equatable {
  /// The most pixels of a picture or frame.
  var pixels: Int?
  /// The exact number of frames of a video.
  var frames: Int?
}
