import CFFmpeg

/// Limits on how much memory FFmpeg may allocate at once, because a file of one kilobyte can ask for any
/// amount. The limit is one for the whole process, so each stage sets its own before it begins.
enum LibavMemory {
  /// While a container is opened; mainly for its index of frames: three million entries.
  static let opening = 96 << 20
  /// While a video is read and decoded: a frame of the largest size, with four channels of 16 bits.
  static let video = 448 << 20
  /// While an image is decoded: 100 million pixels with four channels of 16 bits.
  static let picture = 1 << 30

  /// Sets the limit for one allocation, in bytes.
  static func limit(to bytes: Int) { av_max_alloc(bytes) }
}
