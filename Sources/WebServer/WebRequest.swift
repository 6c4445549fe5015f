/// The head of a request, with its parts decoded.
public struct WebRequest: Sendable {
  /// `GET`, `POST` and so on.
  public let method: String
  /// The parts of the path between the slashes, decoded; empty for `/`.
  public let path: [String]
  /// The members of the query, decoded; of several with one name, the last.
  public let query: [String: String]
  /// The members of the head by their names in lower case; of several with one name, the last.
  public let headers: [String: String]
  /// Names of members that came several times.
  public let repeated: Set<String>

  /// A request from its parts.
  ///
  /// - Parameter target: the path and the query, as the client sent them.
  /// - Returns: `nil` for a target that is not a path, or whose path has a part that no file's name can be.
  public init?(method: String, target: String, headers: [(name: String, value: String)]) {
    self.method = method
    guard target.utf8.first == UInt8(ascii: "/") else { return nil }
    let cut = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var path: [String] = []
    for part in cut[0].split(separator: "/") {
      guard let text = PercentText.decoded(part.utf8, plusIsSpace: false), text != ".",
        text != "..",
        !text.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 < 0x20 || $0 == 0x7F })
      else { return nil }
      path.append(text)
    }
    self.path = path
    var query: [String: String] = [:]
    if cut.count > 1 {
      guard let members = PercentText.form(cut[1].utf8) else { return nil }
      query = members
    }
    self.query = query
    var known: [String: String] = [:]
    var repeated: Set<String> = []
    for (name, value) in headers {
      if known.updateValue(value, forKey: name.lowercased()) != nil {
        repeated.insert(name.lowercased())
      }
    }
    self.headers = known
    self.repeated = repeated
  }

  /// A cookie's value.
  public func cookie(_ name: String) -> String? {
    for part in (headers["cookie"] ?? "").split(separator: ";") {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if pair.count == 2, pair[0].trimmingPrefix(while: { $0 == " " }) == name {
        return String(pair[1])
      }
    }
    return nil
  }

  /// The type of the body, in lower case and without its parameters.
  public var contentType: String {
    let first = (headers["content-type"] ?? "").prefix { $0 != ";" }
    return first.filter { $0 != " " }.lowercased()
  }
}
