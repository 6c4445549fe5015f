@preconcurrency import Glibc

import Basics
import Diagnostics

extension Checkpoint {
  /// The number and the length of the pieces of a weight file that its digest covers.
  private static let (pieces, pieceBytes) = (64, 4096)

  /// What tells a checkpoint from others without reading all of it: `sha256-sampled:` and a SHA-256 over
  /// `config.json` and, for each weight file by name, the file's name, its length in decimal digits and a
  /// line feed each, its header with names, types, shapes and places of all tensors, and 64 pieces of 4096
  /// bytes, piece i from byte i * (length - 4096) / 63 on.
  ///
  /// Other numbers in the weights, as training further makes them, change these pieces, too. A change of a
  /// few numbers by hand may not.
  ///
  /// - Throws: `missingInput` for a file that is gone or may not be read.
  public func digest() throws(Failure) -> String {
    var hash = SHA256()
    Array(configuration).withUnsafeBytes { hash.update($0) }
    for path in weightPaths.sorted() {
      let file = try RegularFile(path: path)
      let name = path.split(separator: "/").last.map(String.init) ?? path
      hash.update("\(name)\n\(file.size)\n")
      // Its bounds were checked when the file was opened.
      try file.bytes(at: 0, count: min(try headerLength(of: file), file.size))
        .withUnsafeBytes { hash.update($0) }
      let span = max(0, file.size - Self.pieceBytes)
      for index in 0..<Self.pieces {
        let place = span.multipliedClamped(by: index) / (Self.pieces - 1)
        try file.bytes(at: place, count: Self.pieceBytes).withUnsafeBytes { hash.update($0) }
      }
    }
    return "sha256-sampled:" + hash.finish()
  }

  /// Bytes of a weight file before its tensors.
  private func headerLength(of file: borrowing RegularFile) throws(Failure) -> Int {
    let path = file.path
    if let gguf { return gguf.files.first { $0.path == path }?.headerLength ?? 0 }
    let length = try file.bytes(at: 0, count: 8).reversed().reduce(0) { $0 << 8 | Int($1) }
    return 8.addingClamped(max(0, length))
  }
}

extension RegularFile {
  /// Up to `count` bytes from a place on; fewer at the end of the file.
  fileprivate borrowing func bytes(at place: Int, count: Int) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        pread(
          descriptor, buffer.baseAddress?.advanced(by: filled), count - filled,
          off_t(place + filled))
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw Self.unreadable(path, errno) }
      guard got > 0 else { break }
      filled += got
    }
    bytes.removeLast(count - filled)
    return bytes
  }
}
