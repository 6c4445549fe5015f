import CFFmpeg

/// How much FFmpeg may ask for at once: a file of a kilobyte can name any number of anything. The
/// limit is one for the whole process, so each part sets its own before it begins.
enum LibavMemory {
  /// While a container is opened, its index of frames above all: three million entries.
  static let opening = 96 << 20
  /// While a video is read and decoded: a frame of the largest size, four times 16 bits a pixel.
  static let video = 448 << 20
  /// While a picture is decoded: 100 million pixels of four times 16 bits.
  static let picture = 1 << 30

  /// Sets the limit for one block of memory, in bytes.
  static func limit(to bytes: Int) { av_max_alloc(bytes) }
}
