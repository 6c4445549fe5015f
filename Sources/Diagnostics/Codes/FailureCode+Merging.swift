// Codes about merging tokens.
extension FailureCode {
  /// The layer or the share for FastV is wrong.
  public static let mergingFastV = FailureCode(rawValue: "merging.fastv")
  /// The list of merging layers is malformed or names layers that the model cannot merge at.
  public static let mergingLayers = FailureCode(rawValue: "merging.layers")
  /// The merging mode does not exist or is not one of the profile.
  public static let mergingMode = FailureCode(rawValue: "merging.mode")
  /// The published profile cannot merge after DeepStack features were taken.
  public static let mergingPublishedDeepStack = FailureCode(rawValue: "merging.published-deepstack")
  /// The authors published no code for models of this family.
  public static let mergingPublishedFamily = FailureCode(rawValue: "merging.published-family")
  /// The retention keeps no tokens and removes none.
  public static let mergingRetention = FailureCode(rawValue: "merging.retention")
  /// The score does not exist or does not go with the profile or mode.
  public static let mergingScore = FailureCode(rawValue: "merging.score")

  /// All codes of this area.
  static let mergingCodes: [FailureCode] = [
    .mergingFastV, .mergingLayers, .mergingMode,
    .mergingPublishedDeepStack, .mergingPublishedFamily, .mergingRetention, .mergingScore,
  ]
}
