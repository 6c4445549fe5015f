/// The scans of a JPEG file (ITU-T T.81, section B.2.3): each goes over the whole picture, and a
/// progressive one may be a few bytes.
enum JPEGScans {
  /// The number of scans; that of a picture in its metadata is counted, too.
  static func count(in bytes: [UInt8]) -> Int {
    bytes.withUnsafeBufferPointer { buffer in
      var count = 0
      var at = 0
      while at + 1 < buffer.count {
        // Within the data of a scan, 0xFF is followed by 0 or by the number of a restart.
        if buffer[at] == 0xFF, buffer[at + 1] == 0xDA { count += 1 }
        at += 1
      }
      return count
    }
  }
}
