import Diagnostics

/// Where a server listens.
public enum ListenAddress: Sendable, Equatable, CustomStringConvertible {
  /// A host and a port.
  case host(String, Int)
  /// A socket that is bound already, such as by systemd.
  case descriptor(Int32)

  /// The port of the page, if none is given.
  public static let port = 7862

  /// An address from its text, such as `127.0.0.1:7862`, `[::1]:7862`, `:80` or `7862`.
  ///
  /// - Throws: `web.address`.
  public init(_ text: String) throws(Failure) {
    let wrong = Failure(
      .usage, code: .webAddress, "“\(text)” is no address to listen at",
      remedy: "Give HOST:PORT, such as 127.0.0.1:7862 or [::1]:7862.")
    if let port = Int(text) {
      guard 0...65535 ~= port else { throw wrong }
      self = .host("127.0.0.1", port)
      return
    }
    var host = text[...]
    var port = Self.port
    if let colon = text.lastIndex(of: ":"), text.hasPrefix("[") == (text[..<colon].last == "]") {
      guard let number = Int(text[text.index(after: colon)...]), 0...65535 ~= number else {
        throw wrong
      }
      host = text[..<colon]
      port = number
    }
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard !host.contains("/"), !host.contains(" ") else { throw wrong }
    self = .host(host.isEmpty ? "0.0.0.0" : String(host), port)
  }

  /// The address as a text.
  public var description: String {
    switch self {
    case .host(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .descriptor(let descriptor): "descriptor \(descriptor)"
    }
  }

  /// Whether only programs of this machine can reach it.
  public var isLoopback: Bool {
    switch self {
    case .host(let host, _): host == "localhost" || host == "::1" || host.hasPrefix("127.")
    case .descriptor: false
    }
  }
}
