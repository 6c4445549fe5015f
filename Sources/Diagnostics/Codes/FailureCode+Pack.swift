// Codes about packed weights.
extension FailureCode {
  /// The packed file is damaged.
  public static let packDamaged = FailureCode(rawValue: "pack.damaged")
  /// The packed file was written by another program or version.
  public static let packForeign = FailureCode(rawValue: "pack.foreign")
  /// There is no packed file.
  public static let packMissing = FailureCode(rawValue: "pack.missing")
  /// The packed file was made from other weights than those there now.
  public static let packStale = FailureCode(rawValue: "pack.stale")

  /// All codes of this area.
  static let packCodes: [FailureCode] = [
    .packDamaged, .packForeign, .packMissing, .packStale,
  ]
}
