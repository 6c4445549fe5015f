import Basics
import Diagnostics
import Spool

@preconcurrency import Glibc

/// The model that the daemon answers with.
public struct ModelEntry: Sendable {
  /// Its name: that of its folder.
  public let name: String
  /// When it was last changed, in seconds since 1970.
  public let created: Int
  /// Bytes of its weights; `nil` where the folder may not be looked into.
  public let bytes: Int?
  /// The digest of its configuration, or of its path where that may not be read.
  public let digest: String

  /// The model of a daemon.
  public init(_ live: LiveStatus) {
    let path = live.model
    name = path.split(separator: "/").last.map(String.init) ?? path
    var status = stat()
    created =
      stat(path + "/config.json", &status) == 0 ? status.st_mtim.tv_sec : live.started / 1000
    bytes = Self.weights(in: path)
    var hash = SHA256()
    let text = SystemFiles().text(path + "/config.json") ?? path
    hash.update(text)
    digest = hash.finish()
  }

  /// Checks that a request means this model.
  ///
  /// - Throws: `web.model`.
  func check(_ wanted: String?) throws(Failure) {
    guard let wanted, !wanted.isEmpty else { return }
    let plain = wanted.hasSuffix(":latest") ? wanted.dropLast(7) : wanted[...]
    guard plain.lowercased() == name.lowercased() || plain == "illava" else {
      throw Failure(
        .missingInput, code: .webModel,
        "the model “\(PlainText.line(String(wanted.prefix(100))))” is not served here",
        remedy: "Ask for “\(name)”.")
    }
  }

  private static func weights(in path: String) -> Int? {
    guard let folder = opendir(path) else { return nil }
    defer { closedir(folder) }
    var total = 0
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      var status = stat()
      guard name.hasSuffix(".safetensors") || name.hasSuffix(".gguf"),
        stat(path + "/" + name, &status) == 0
      else { continue }
      total = total.addingClamped(Int(status.st_size))
    }
    return total
  }
}
