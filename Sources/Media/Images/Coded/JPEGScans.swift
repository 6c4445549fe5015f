/// The scans of a JPEG file (ITU-T T.81, section B.2.3): each covers the whole image, and a progressive
/// one may have only a few bytes.
enum JPEGScans {
  /// The number of scans, including those of a thumbnail in the metadata.
  static func count(in bytes: [UInt8]) -> Int {
    bytes.withUnsafeBufferPointer { buffer in
      var count = 0
      var at = 0
      while at + 1 < buffer.count {
        // Within a scan's data, 0xFF is followed by 0 or by a restart marker's number.
        if buffer[at] == 0xFF, buffer[at + 1] == 0xDA { count += 1 }
        at += 1
      }
      return count
    }
  }

  /// Whether an image ends (marker EOI) after the last scan.
  static func hasEnd(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
      var at = buffer.count - 2
      while at >= 0 {
        if buffer[at] == 0xFF {
          if buffer[at + 1] == 0xD9 { return true }
          if buffer[at + 1] == 0xDA { return false }
        }
        at -= 1
      }
      return false
    }
  }

  /// The name of a process (ITU-T T.81, table B.1) that decoders rarely have; `nil` for all others.
  static func rareForm(in bytes: [UInt8]) -> String? {
    var at = 2
    while at + 4 <= bytes.count, bytes[at] == 0xFF {
      let kind = bytes[at + 1]
      switch kind {
      case 0xFF:
        at += 1
        continue
      case 0xC9...0xCB, 0xCD...0xCF: return "arithmetic coding"
      case 0xC3: return "lossless coding"
      case 0xC5...0xC7: return "hierarchical coding"
      case 0xDA, 0xD9: return nil
      case 0xC0...0xC2 where at + 5 <= bytes.count && bytes[at + 4] != 8:
        return "\(bytes[at + 4]) bits per channel"
      default: break
      }
      at += 2 + Int(bytes[at + 2]) << 8 + Int(bytes[at + 3])
    }
    return nil
  }
}
