// Codes about the store of jobs.
extension FailureCode {
  /// No daemon runs, and the user may not read the store.
  public static let storeAccess = FailureCode(rawValue: "store.access")
  /// The store of jobs is damaged.
  public static let storeDamaged = FailureCode(rawValue: "store.damaged")
  /// The store failed for a reason without a code of its own.
  public static let storeFailed = FailureCode(rawValue: "store.failed")
  /// There is no spool in the folder.
  public static let storeMissing = FailureCode(rawValue: "store.missing")
  /// The store was written by a later version.
  public static let storeNewer = FailureCode(rawValue: "store.newer")
  /// The store cannot be opened.
  public static let storeOpen = FailureCode(rawValue: "store.open")
  /// The store may not be written to.
  public static let storeReadOnly = FailureCode(rawValue: "store.read-only")

  /// All codes of this area.
  static let storeCodes: [FailureCode] = [
    .storeAccess, .storeDamaged, .storeFailed, .storeMissing, .storeNewer, .storeOpen,
    .storeReadOnly,
  ]
}
