import Basics
import Diagnostics

@preconcurrency import Glibc

/// The word that lets a client in who is not on this machine.
public struct WebToken: Sendable {
  private let digest: String

  /// A token from its text.
  public init(_ text: String) { digest = Self.digest(text) }

  /// Whether a text is the token. The time that takes says nothing about the token: digests are compared, and
  /// all of their bytes.
  func fits(_ text: String) -> Bool {
    var difference: UInt8 = 0
    for (one, other) in zip(Self.digest(text).utf8, digest.utf8) { difference |= one ^ other }
    return difference == 0
  }

  private static func digest(_ text: String) -> String {
    var hash = SHA256()
    hash.update(text)
    return hash.finish()
  }

  /// The usual place of the token's file.
  public static func usualPath(_ environment: [String: String]) -> String {
    if let named = environment["ILLAVA_WEB_TOKEN"] { return named }
    if let state = environment["STATE_DIRECTORY"] { return state + "/token" }
    if access("/var/lib/illava-web", X_OK) == 0 { return "/var/lib/illava-web/token" }
    return (environment["HOME"] ?? "/tmp") + "/.illava-web-token"
  }

  /// The token of a file; a new one where there is none.
  ///
  /// - Throws: `web.token`.
  public static func text(at path: String, isNew: Bool = false) throws(Failure) -> String {
    if !isNew, let file = fopen(path, "re") {
      defer { fclose(file) }
      var bytes = [UInt8](repeating: 0, count: 256)
      let count = fread(&bytes, 1, bytes.count, file)
      let text = String(decoding: bytes.prefix(count), as: UTF8.self).filter { !$0.isWhitespace }
      guard text.utf8.count >= 16 else {
        throw Failure(
          .fault, code: .webToken, "\(path) holds no token of at least 16 characters",
          remedy: "Make one with illava web token --new.")
      }
      return text
    }
    let digits = Array("abcdefghijkmnpqrstuvwxyz23456789")
    var random = SystemRandomNumberGenerator()
    let text = String((0..<32).map { _ in digits[Int.random(in: 0..<32, using: &random)] })
    let temporary = path + ".new"
    unlink(temporary)
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    let line = text + "\n"
    guard file >= 0, write(file, line, line.utf8.count) == line.utf8.count, fsync(file) == 0,
      rename(temporary, path) == 0
    else {
      let reason = String(cString: strerror(errno))
      if file >= 0 { close(file) }
      throw Failure(
        .fault, code: .webToken, "\(path) cannot be written: \(reason)",
        remedy: "Name another file with --token-file.")
    }
    close(file)
    return text
  }
}
