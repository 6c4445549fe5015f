/// Finds the known name that a misspelled name probably means.
public enum NearestName {
  /// The name with the fewest letters to change, if that is at most a third of them, or one that
  /// contains the misspelled name.
  public static func name(to wrong: String, among names: [String]) -> String? {
    // A very long name has no near names, and finding that out would take long.
    guard wrong.utf8.count <= 64 else { return nil }
    let ranked = names.map { (name: $0, distance: distance(Array(wrong.utf8), Array($0.utf8))) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    if best.distance <= max(1, max(wrong.count, best.name.count) / 3) { return best.name }
    return names.first { $0.contains(wrong) && wrong.count >= 3 }
  }

  /// Letters to insert, remove or replace (Levenshtein, 1966).
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let replaced = diagonal + (a == b ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[right.count]
  }
}
