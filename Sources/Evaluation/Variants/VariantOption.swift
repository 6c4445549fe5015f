import Diagnostics
import Merging

/// What may differ from a profile, under the names of the command line without `illava-`.
enum VariantOption {
  /// Sets one option, `vit-mode=1` or `no-llm`.
  ///
  /// - Throws: `evaluation.profile` for what is not an option, or what its value throws.
  static func apply(_ text: String, to merging: inout MergeParameters) throws(Failure) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let value = parts.count > 1 ? String(parts[1]) : ""
    switch name {
    case "no-vit" where parts.count == 1: merging.visionEnabled = false
    case "no-llm" where parts.count == 1: merging.textEnabled = false
    case "vit-k": merging.visionLayers = try LayerList(text: value)
    case "llm-k": merging.textLayers = try LayerList(text: value)
    case "vit-r": merging.visionRetention = try Retention(try number(value, text))
    case "llm-r": merging.textRetention = try Retention(try number(value, text))
    case "vit-mode": merging.visionMode = try mode(value, text)
    case "llm-mode": merging.textMode = try mode(value, text)
    case "vit-score": merging.visionChoice = try named(VisionChoice.self, value, text)
    case "llm-score": merging.textChoice = try named(TextChoice.self, value, text)
    case "vit-min":
      guard let least = Int(value), least >= 0 else { throw wrong(text) }
      merging.visionMinTokens = least
    case "seed":
      guard let seed = UInt64(value) else { throw wrong(text) }
      merging.seed = seed
    default: throw wrong(text)
    }
  }

  private static func number(_ value: String, _ text: String) throws(Failure) -> Double {
    guard let number = Double(value), number > 0, number < 1e9 else { throw wrong(text) }
    return number
  }

  private static func mode(_ value: String, _ text: String) throws(Failure) -> MergeMode {
    guard let mode = Int(value).flatMap(MergeMode.init(rawValue:)) else { throw wrong(text) }
    return mode
  }

  private static func named<Choice: RawRepresentable<String>>(
    _ type: Choice.Type, _ value: String, _ text: String
  ) throws(Failure) -> Choice {
    guard let choice = Choice(rawValue: value) else { throw wrong(text) }
    return choice
  }

  private static func wrong(_ text: String) -> Failure {
    Failure(
      .usage, code: .evaluationProfile, "“\(text)” is not an option of a profile",
      remedy:
        "Give one of vit-k, vit-r, vit-min, vit-mode, vit-score, no-vit, llm-k, "
        + "llm-r, llm-mode, llm-score, no-llm or seed, "
        + "as in exact:vit-mode=1."
    )
  }
}
