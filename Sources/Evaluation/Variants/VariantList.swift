import Diagnostics
import Merging
import Models
import Options

@preconcurrency import Glibc

/// Reads the list of profiles of an evaluation.
///
/// A profile is a name and, after colons, changed options: `distinct:vit-mode=1:vit-k=3-4-5-6`. Names
/// are `off`, `default`, `tuned`, `exact`, `published`, `fastv` (layer 2, half of the tokens), `random`
/// (drops random groups and tokens), `resize` (smaller images with as many tokens as the default
/// leaves), the selections of the ViT `attention`, `lse`, `distinct`, `diverse`, `bipartite`, and
/// `random-vit`, which keeps the default selection of the LLM.
public enum VariantList {
  /// The known names.
  public static let names =
    ["off", "default", "tuned", "exact", "published", "fastv", "random", "resize", "random-vit"]
    + VisionChoice.allCases.filter { $0 != .random }.map(\.rawValue)

  /// Reads names joined by commas.
  ///
  /// - Parameters:
  ///   - retentions: shares of visual tokens to be left after all layers; empty for the profiles' own.
  ///   - memory: memory limits of the process in bytes; empty for no planning.
  ///   - seed: the seed of random choices.
  ///   - model: the model whose merging layers divide the shares.
  /// - Returns: every name at every retention and within every amount of memory; `off` once.
  /// - Throws: `evaluation.profile`, `evaluation.retention`, or what the options throw.
  public static func parse(
    _ text: String, retentions: [Double], memory: [Int] = [], seed: Int,
    model: any VisionLanguageModel
  ) throws(Failure) -> [EvaluationVariant] {
    var variants: [EvaluationVariant] = []
    for name in text.split(separator: ",").map(String.init) {
      let base = try variant(name, seed: seed)
      if base.merging.profile == .off, base.shrinksLike == nil {
        variants.append(base)
        continue
      }
      if retentions.isEmpty { variants.append(base) }
      for share in retentions { variants.append(try scaled(base, to: share, model)) }
    }
    guard !variants.isEmpty else {
      throw unknown(text)
    }
    guard !memory.isEmpty else { return variants }
    return variants.flatMap { variant in
      guard variant.merging.profile != .off || variant.shrinksLike != nil else { return [variant] }
      return memory.map { bytes in
        var limited = variant
        limited.memory = bytes
        return limited
      }
    }
  }

  private static func unknown(_ name: String) -> Failure {
    Failure(
      .usage, code: .evaluationProfile, "“\(name)” is not a profile",
      remedy: "Give some of \(names.joined(separator: ", ")), joined by commas.")
  }

  private static func variant(_ text: String, seed: Int) throws(Failure) -> EvaluationVariant {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let name = parts.first ?? ""
    var options = try base(name)
    options.mergeSeed = seed
    for option in parts.dropFirst() { try VariantOption.apply(option, to: &options) }
    let merging = try MergeParameters(options)
    guard name == "resize" else { return EvaluationVariant(name: text, merging: merging) }
    return EvaluationVariant(
      name: text, merging: MergeParameters(profile: .off), shrinksLike: merging)
  }

  private static func base(_ name: String) throws(Failure) -> QuestionOptions {
    var options = QuestionOptions()
    switch name {
    case "default", "resize": break
    case "fastv": return try MergeParameters.fastV(layer: 2, removed: 0.5).options
    case "random", "random-vit":
      options.visionScore = .random
      guard name == "random" else { return options }
      options.textScore = .random
      options.visionMode = .drop
      options.textMode = .drop
    default:
      if let profile = MergeProfile(rawValue: name) {
        options.profile = profile
      } else if let choice = VisionChoice(rawValue: name) {
        options.profile = .exact
        options.visionScore = choice
      } else {
        throw unknown(name)
      }
    }
    return options
  }

  /// Scales a variant to a share of visual tokens: every layer's share is raised to the same power, so
  /// that ViT and LLM contribute in the same proportion as before.
  private static func scaled(
    _ variant: EvaluationVariant, to share: Double, _ model: any VisionLanguageModel
  ) throws(Failure) -> EvaluationVariant {
    guard share > 0, share < 1 else {
      throw Failure(
        .usage, code: .evaluationRetention, "a retention of \(share) is not a share of the tokens",
        remedy: "Give shares between 0 and 1, such as 0.5,0.35,0.25,0.15.")
    }
    var merging = variant.shrinksLike ?? variant.merging
    var own = 1.0
    // The merging layers do not depend on whether the profile supports the model.
    var plain = merging
    plain.profile = .exact
    let resolved = try model.resolve(plain)
    for stage in [resolved.vision, resolved.text] where !stage.layers.isEmpty {
      guard case .share(let kept) = stage.retention else {
        throw Failure(
          .usage, code: .evaluationRetention,
          "\(variant.name) removes a number of tokens, which cannot be brought to a share",
          remedy: "Give its retentions as shares, such as vit-r=0.85.")
      }
      own *= pow(kept, Double(stage.layers.count))
    }
    guard own < 1 else {
      throw Failure(
        .usage, code: .evaluationRetention, "\(variant.name) merges at no layer",
        remedy: "Leave it out, or let one stage merge.")
    }
    let power = log(share) / log(own)
    if case .share(let kept) = merging.visionRetention {
      merging.visionRetention = .share(pow(kept, power))
    }
    if case .share(let kept) = merging.textRetention {
      merging.textRetention = .share(pow(kept, power))
    }
    let shrinks = variant.shrinksLike != nil
    return EvaluationVariant(
      name: variant.name, retention: share, merging: shrinks ? variant.merging : merging,
      shrinksLike: shrinks ? merging : nil)
  }
}
