/// A class of scalars about which dialects of expressions disagree, such as `\d`.
///
/// Where a class is asked for, only what every dialect counts to it may come; where its opposite is asked
/// for, nothing may come that any dialect counts to it. An answer fits in every dialect then.
struct ScalarClass: Sendable {
  /// What belongs to it in every dialect.
  var certain: ScalarSet
  /// What belongs to it in any dialect.
  var possible: ScalarSet

  /// A class about which all agree.
  init(_ set: ScalarSet) { (certain, possible) = (set, set) }

  /// A class from both.
  init(certain: ScalarSet, possible: ScalarSet) {
    (self.certain, self.possible) = (certain, possible)
  }

  /// Everything else.
  var inverted: ScalarClass {
    ScalarClass(certain: possible.inverted, possible: certain.inverted)
  }

  /// Both.
  func union(_ other: ScalarClass) -> ScalarClass {
    ScalarClass(
      certain: certain.union(other.certain), possible: possible.union(other.possible))
  }

  /// `\d`.
  static let digit = ScalarClass(
    certain: ScalarSet([0x30...0x39]), possible: GeneralCategories.set("Nd") ?? .none)
  /// `\w`.
  static let word = ScalarClass(
    certain: ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]),
    possible: ["L", "M", "N", "Pc"].reduce(ScalarSet.none) {
      $0.union(GeneralCategories.set($1) ?? .none)
    })
  /// `\s`.
  static let space = ScalarClass(
    certain: ScalarSet([0x09...0x0D, 0x20...0x20]),
    possible: ScalarSet([
      0x09...0x0D, 0x1C...0x20, 0x85...0x85, 0xA0...0xA0, 0x1680...0x1680, 0x180E...0x180E,
      0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000,
      0xFEFF...0xFEFF,
    ]))
  /// `.`: anything but the end of a line.
  static let point = ScalarClass(
    certain: ScalarSet([0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029]).inverted,
    possible: ScalarSet.all)
}
