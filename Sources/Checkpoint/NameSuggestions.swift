/// Finds names that a missing tensor may have under another prefix.
enum NameSuggestions {
  /// At most three names that end like `missing` and belong to the same layer, best first.
  ///
  /// Exports differ in their prefixes: `model.visual.x`, `visual.x` and `model.language_model.x` are the
  /// same tensors. The same name in another layer does not help, so the numbers must be equal.
  static func names(like missing: String, among names: [String]) -> [String] {
    let wanted = parts(of: missing)
    let numbers = wanted.filter(isNumber)
    var found: [(name: String, shared: Int)] = []
    for name in names where name != missing {
      let candidate = parts(of: name)
      var shared = 0
      for (left, right) in zip(wanted.reversed(), candidate.reversed()) {
        guard left == right else { break }
        shared += 1
      }
      // A single shared part is usually "weight", which means nothing, unless it is the whole name.
      guard shared >= 2 || shared == min(wanted.count, candidate.count), shared > 0,
        candidate.filter(isNumber) == numbers
      else { continue }
      found.append((name, shared))
    }
    let best = found.map(\.shared).max()
    return found.filter { $0.shared == best }.prefix(3).map(\.name)
  }

  private static func parts(of name: String) -> [Substring] {
    name.split(separator: ".", omittingEmptySubsequences: false)
  }

  private static func isNumber(_ part: Substring) -> Bool {
    !part.isEmpty && part.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
  }
}
