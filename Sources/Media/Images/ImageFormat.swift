import CFFmpeg

/// The image formats, recognized by their first bytes.
enum ImageFormat: String {
  case jpeg, png, webp, bmp, tiff

  init?(_ head: [UInt8]) {
    if head.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if head.starts(with: Array("RIFF".utf8)), head.dropFirst(8).starts(with: "WEBP".utf8) {
      self = .webp
    } else if head.starts(with: Array("BM".utf8)), head.count >= 26,
      // The header's own size: 12 (OS/2) up to 124 (version 5).
      (12...124).contains(head[14]), head[15...17].allSatisfy({ $0 == 0 })
    {
      self = .bmp
    } else if head.starts(with: [0x49, 0x49, 0x2A, 0]) || head.starts(with: [0x4D, 0x4D, 0, 0x2A]) {
      self = .tiff
    } else {
      return nil
    }
  }

  /// The decoder for the format.
  var codec: AVCodecID {
    switch self {
    case .jpeg: AV_CODEC_ID_MJPEG
    case .png: AV_CODEC_ID_PNG
    case .webp: AV_CODEC_ID_WEBP
    case .bmp: AV_CODEC_ID_BMP
    case .tiff: AV_CODEC_ID_TIFF
    }
  }

  /// Whether the name says that a file starting like a JPEG is a video of JPEG images (Motion JPEG).
  static func isMotionJPEG(name: String) -> Bool {
    let lower = name.lowercased()
    return [".mjpg", ".mjpeg", ".mjp"].contains { lower.hasSuffix($0) }
  }

  /// Whether a WebP file holds an animation.
  static func isAnimatedWebP(_ head: [UInt8]) -> Bool {
    head.count > 20 && head[12..<16].elementsEqual("VP8X".utf8) && head[20] & 2 != 0
  }

  /// Whether the file is an Apple HEIC image, which FFmpeg before version 7.1 cannot read.
  static func isHEIC(_ head: [UInt8]) -> Bool {
    head.count >= 12 && head[4..<8].elementsEqual("ftyp".utf8)
      && ["heic", "heix", "mif1", "heim", "heis"].contains {
        head[8..<12].elementsEqual($0.utf8)
      }
  }

  /// The number of frames of a PNG file: more than 1 for an animation (APNG).
  ///
  /// The animation chunk comes before the first data chunk, so it is nearly always in `head` (64 KiB).
  static func framesOfPNG(_ head: [UInt8]) -> Int {
    var at = 8
    while at + 16 <= head.count {
      let length = bigEndian(head, at)
      let kind = head[at + 4..<at + 8]
      if kind.elementsEqual("acTL".utf8) { return max(1, bigEndian(head, at + 8)) }
      if kind.elementsEqual("IDAT".utf8) { return 1 }
      at += 12 + length
    }
    return 1
  }

  /// The unsigned 32-bit number at `at`, most significant byte first; the caller checked the end.
  static func bigEndian(_ bytes: [UInt8], _ at: Int) -> Int {
    bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}
