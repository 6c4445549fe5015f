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
}
