import Basics
import WebServer

/// Decides who is let in: programs of this machine, and those that have the token.
///
/// A page of another site that a browser on this machine has open can send requests here, too. Such a browser
/// says where the page is from (`Origin`, `Sec-Fetch-Site`); and a site whose name was made to point here says
/// its own name (`Host`).
struct Gate: Sendable {
  /// The token; `nil` where none is needed.
  let token: WebToken?
  /// Names of this machine by which it may be reached, in lower case.
  let hosts: Set<String>

  /// The name of the cookie with the token.
  static let cookie = "illava_token"

  /// What is done with a request.
  enum Verdict: Equatable {
    case open
    /// The client has to say the token first.
    case token
    /// Nobody is let in like this; the reason in words.
    case refused(String)
  }

  init(token: WebToken?, hosts: [String]) {
    self.token = token
    self.hosts = Set(hosts.map { $0.lowercased() } + ["localhost", HostName.current.lowercased()])
  }

  func verdict(_ request: WebRequest) -> Verdict {
    for name in ["host", "origin", "authorization", "content-length", "transfer-encoding"]
    where request.repeated.contains(name) {
      return .refused("the request has several headers “\(name)”")
    }
    guard let host = request.headers["host"], isOwn(host) else {
      return .refused(
        "this server is not called so; names other than addresses are allowed with --host")
    }
    let isReading = request.method == "GET" || request.method == "HEAD"
    if let origin = request.headers["origin"], origin != "http://\(host)",
      origin != "https://\(host)"
    {
      return .refused("requests of other sites' pages are not served")
    }
    if let site = request.headers["sec-fetch-site"], site != "same-origin", site != "none" {
      let isLink = isReading && request.headers["sec-fetch-mode"] == "navigate"
      guard isLink else { return .refused("requests of other sites' pages are not served") }
    }
    guard let token else { return .open }
    let words = (request.headers["authorization"] ?? "").split(separator: " ")
    let said =
      words.count == 2 && words[0].lowercased() == "bearer"
      ? String(words[1]) : request.headers["x-api-key"] ?? request.cookie(Self.cookie)
    return said.map(token.fits) == true ? .open : .token
  }

  /// Whether a host's name is one of this machine's: an address, which no other site can have made point
  /// here, or a known name.
  private func isOwn(_ text: String) -> Bool {
    var host = text.lowercased()[...]
    if host.hasPrefix("[") {
      guard let end = host.firstIndex(of: "]") else { return false }
      let address = host[host.index(after: host.startIndex)..<end]
      return !address.isEmpty && address.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
    }
    if let colon = host.lastIndex(of: ":") {
      guard host[host.index(after: colon)...].allSatisfy(\.isNumber) else { return false }
      host = host[..<colon]
    }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count == 4, parts.allSatisfy({ UInt8($0) != nil }) { return true }
    return hosts.contains(String(host)) || host.hasSuffix(".localhost")
  }
}
