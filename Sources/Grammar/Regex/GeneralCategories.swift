/// The scalars of each general category (Unicode Standard, table 4-4), in the version that the standard
/// library has.
enum GeneralCategories {
  private static let byName: [String: ScalarSet] = {
    var ranges: [String: [ClosedRange<UInt32>]] = [:]
    var current = ""
    var start: UInt32 = 0
    for value in UInt32(0)...0x110000 {
      let name = Unicode.Scalar(value).map { shortName($0.properties.generalCategory) } ?? ""
      guard name != current else { continue }
      if !current.isEmpty { ranges[current, default: []].append(start...value - 1) }
      (current, start) = (name, value)
    }
    var sets = ranges.mapValues { ScalarSet($0) }
    for (name, set) in sets {
      sets[String(name.prefix(1)), default: .none] = sets[String(name.prefix(1)), default: .none]
        .union(set)
    }
    return sets
  }()

  /// The names, such as `L` and `Nd`.
  static var names: [String] { byName.keys.sorted() }

  /// The scalars of a category or of a group of categories, by its short name.
  static func set(_ name: String) -> ScalarSet? { byName[name] }

  private static func shortName(_ category: Unicode.GeneralCategory) -> String {
    switch category {
    case .uppercaseLetter: "Lu"
    case .lowercaseLetter: "Ll"
    case .titlecaseLetter: "Lt"
    case .modifierLetter: "Lm"
    case .otherLetter: "Lo"
    case .nonspacingMark: "Mn"
    case .spacingMark: "Mc"
    case .enclosingMark: "Me"
    case .decimalNumber: "Nd"
    case .letterNumber: "Nl"
    case .otherNumber: "No"
    case .connectorPunctuation: "Pc"
    case .dashPunctuation: "Pd"
    case .openPunctuation: "Ps"
    case .closePunctuation: "Pe"
    case .initialPunctuation: "Pi"
    case .finalPunctuation: "Pf"
    case .otherPunctuation: "Po"
    case .mathSymbol: "Sm"
    case .currencySymbol: "Sc"
    case .modifierSymbol: "Sk"
    case .otherSymbol: "So"
    case .spaceSeparator: "Zs"
    case .lineSeparator: "Zl"
    case .paragraphSeparator: "Zp"
    case .control: "Cc"
    case .format: "Cf"
    case .privateUse: "Co"
    case .unassigned: "Cn"
    case .surrogate: ""
    @unknown default: ""
    }
  }
}
