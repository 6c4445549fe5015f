import Basics
import Diagnostics

/// The SHA-256 of a file's bytes (FIPS 180-4), which identifies the sources of an answer.
public enum FileDigest {
  /// Reads the file in pieces of 1 MiB; bytes that are added meanwhile are not read.
  ///
  /// - Parameter progress: told the share of the file that has been read, from 0 to 1, at least each
  ///   second; an error that it throws ends the reading.
  /// - Returns: 64 hexadecimal digits.
  /// - Throws: `missingInput` when the file cannot be opened, `media.unreadable` when reading fails, and
  ///   what `progress` throws.
  public static func sha256(
    path: String, progress: @escaping (_ share: Double) throws(Failure) -> Void = { _ in }
  ) throws(Failure) -> String {
    let file = try SourceFile(path: path)
    let meter = ReadingProgress(progress)
    var hash = SHA256()
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    var offset = 0
    while true {
      let count = piece.withUnsafeMutableBytes { bytes in
        bytes.baseAddress.map {
          file.read(at: offset, into: $0, count: min(bytes.count, max(0, file.size - offset)))
        } ?? 0
      }
      guard count >= 0 else {
        throw Failure(
          .missingInput, code: .mediaUnreadable, "\(file.shown) cannot be read to its end")
      }
      if count == 0 { break }
      piece.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      offset += count
      try meter.advance(Double(offset) / Double(file.size))
    }
    return hash.finish()
  }
}
