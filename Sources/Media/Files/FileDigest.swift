import Basics
import Diagnostics

/// The SHA-256 of a file's bytes (FIPS 180-4), which identifies the sources of an answer.
public enum FileDigest {
  /// The longest file that is read whole for its identity: its bytes stay in the kernel's cache, where they
  /// are decoded from. What is longer would be read from the disk twice.
  static let longestWhole = 1 << 30
  /// The number and the length of the pieces that are read of a longer file.
  static let (pieces, pieceBytes) = (1024, 1 << 16)

  /// What tells a file's bytes from those of other files: `sha256:` and the SHA-256 of all bytes. Of a file
  /// longer than 1 GiB, `sha256-sampled:` and the SHA-256 of its length (in decimal digits and a line
  /// feed) and of 1024 pieces of 64 KiB, piece i from byte i * (length - 65536) / 1023 on.
  ///
  /// - Parameter progress: as for `sha256`.
  /// - Throws: as `sha256`.
  public static func identity(
    path: String, progress: @escaping (_ share: Double) throws(Failure) -> Void = { _ in }
  ) throws(Failure) -> (digest: String, bytes: Int) {
    try identity(path: path, longestWhole: longestWhole, progress: progress)
  }

  /// The same with another bound.
  static func identity(
    path: String, longestWhole: Int,
    progress: @escaping (_ share: Double) throws(Failure) -> Void = { _ in }
  ) throws(Failure) -> (digest: String, bytes: Int) {
    let file = try SourceFile(path: path)
    guard file.size > max(longestWhole, pieceBytes) else {
      return ("sha256:" + (try sha256(path: path, progress: progress)), file.size)
    }
    let meter = ReadingProgress(progress)
    var hash = SHA256()
    hash.update("\(file.size)\n")
    var piece = [UInt8](repeating: 0, count: pieceBytes)
    for index in 0..<pieces {
      // Only a file of 2^53 bytes would overflow, and no file system has any.
      let place = (file.size - pieceBytes).multipliedClamped(by: index) / (pieces - 1)
      let count = piece.withUnsafeMutableBytes { bytes in
        bytes.baseAddress.map { file.read(at: place, into: $0, count: pieceBytes) } ?? 0
      }
      guard count >= 0 else {
        throw Failure(
          .missingInput, code: .mediaUnreadable, "\(file.shown) cannot be read to its end")
      }
      piece.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      try meter.advance(Double(index + 1) / Double(pieces))
    }
    return ("sha256-sampled:" + hash.finish(), file.size)
  }

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
