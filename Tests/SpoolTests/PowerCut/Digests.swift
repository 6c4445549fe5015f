import Basics
import FoundationEssentials

@testable import Spool

/// The SHA-256 of files, computed once for each content.
final class Digests {
  private var known: [[UInt8]: String] = [:]

  /// A file's digest, and whether it is the damaged image that `record.sh` submits.
  func file(_ path: String) -> (digest: String, isBad: Bool) {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else { return ("gone", false) }
    let bytes = [UInt8](data)
    let isBad = bytes.starts(with: "no picture".utf8)
    if let digest = known[bytes] { return (digest, isBad) }
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    let digest = hash.finish()
    known[bytes] = digest
    return (digest, isBad)
  }
}
