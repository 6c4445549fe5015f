import CFFmpeg
import Diagnostics

/// The SHA-256 of a file's bytes (FIPS 180-4), by which an answer names its sources.
public enum FileDigest {
  /// Reads the file in pieces of 1 MiB; what is added to it meanwhile is not read.
  ///
  /// - Returns: 64 hexadecimal digits.
  /// - Throws: `missingInput` when the file cannot be opened, `media.unreadable` when reading fails.
  public static func sha256(path: String) throws(Failure) -> String {
    let file = try SourceFile(path: path)
    guard let context = av_sha_alloc() else {
      throw Failure(.outOfMemory, code: .mediaNoMemory, "no memory to read \(file.shown)")
    }
    defer { av_free(UnsafeMutableRawPointer(context)) }
    av_sha_init(context, 256)
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
      av_sha_update(context, piece, count)
      offset += count
    }
    var digest = [UInt8](repeating: 0, count: 32)
    av_sha_final(context, &digest)
    let digits = Array("0123456789abcdef")
    return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
