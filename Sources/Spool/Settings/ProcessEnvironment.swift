@preconcurrency import Glibc

/// The environment of this process.
public enum ProcessEnvironment {
  /// All variables.
  public static var all: [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let parts = String(cString: text).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
      entry = entry.successor()
    }
    return variables
  }
}
