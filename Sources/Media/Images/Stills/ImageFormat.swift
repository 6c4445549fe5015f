import CFFmpeg

/// The formats of still images and documents, recognized by their first bytes.
enum ImageFormat: String {
  case jpeg, png, webp, bmp, tiff, avif, heic, pdf

  init?(_ head: [UInt8]) {
    let start = Array(head.dropFirst(Self.blanks(head)))
    if start.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if start.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if head.starts(with: Array("RIFF".utf8)), head.dropFirst(8).starts(with: "WEBP".utf8) {
      self = .webp
    } else if head.starts(with: Array("BM".utf8)), head.count >= 26,
      // The header's own size: 12 (OS/2) up to 124 (version 5).
      (12...124).contains(head[14]), head[15...17].allSatisfy({ $0 == 0 })
    {
      self = .bmp
    } else if head.starts(with: [0x49, 0x49, 0x2A, 0]) || head.starts(with: [0x4D, 0x4D, 0, 0x2A])
      // BigTIFF, whose offsets have 8 bytes.
      || head.starts(with: [0x49, 0x49, 0x2B, 0, 8, 0, 0, 0])
      || head.starts(with: [0x4D, 0x4D, 0, 0x2B, 0, 8, 0, 0])
    {
      self = .tiff
    } else if let still = Self.heif(head) {
      self = still
    } else if DocumentSignature.isPDF(head) {
      self = .pdf
    } else {
      return nil
    }
  }

  /// The number of line ends, spaces and NULs before a JPEG or PNG file begins, which some programs put
  /// there; 0 for all other files, and where there are more than 64.
  static func blanks(_ head: [UInt8]) -> Int {
    let blank: Set<UInt8> = [0, 9, 10, 13, 32]
    let count = head.prefix(65).prefix { blank.contains($0) }.count
    guard (1...64).contains(count) else { return 0 }
    let rest = head[count...]
    return rest.starts(with: [0xFF, 0xD8, 0xFF])
      || rest.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D])
      ? count : 0
  }

  /// AVIF or HEIC, by the main brand of the file (ISO/IEC 23008-12, section 10); the brands of sequences
  /// of images are those of videos.
  private static func heif(_ head: [UInt8]) -> ImageFormat? {
    guard head.count >= 16, head[4..<8].elementsEqual("ftyp".utf8) else { return nil }
    let stated = bigEndian(head, 0)
    let end = min(head.count, max(16, min(stated, 512)))
    let brands = [8..<12] + stride(from: 16, through: end - 4, by: 4).map { $0..<$0 + 4 }
    let names = brands.map { String(decoding: head[$0], as: UTF8.self) }
    switch names[0] {
    case "avif": return .avif
    case "heic", "heix", "heim", "heis": return .heic
    case "mif1", "mif2", "miaf": return names.contains("avif") ? .avif : .heic
    default: return nil
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

  /// The number of frames of a PNG file: more than 1 for an animation (APNG).
  ///
  /// The animation chunk comes before the first data chunk, so it is nearly always in `head` (64 KiB).
  static func framesOfPNG(_ head: [UInt8]) -> Int {
    var at = 8 + blanks(head)
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
