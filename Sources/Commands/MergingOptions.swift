import ArgumentParser
import Diagnostics
import Merging

/// The parameters of token merging, under the authors' names.
struct MergingOptions: ParsableArguments {
  @Option(help: "How tokens are merged: tuned, exact (the paper), published (its code) or off.")
  var profile: MergeProfile = .standard

  @Option(help: "ViT layers that merge, such as 5-6-7-8.")
  var illavaVitK: String?
  @Option(
    help: "The share each of them keeps; 1 and more: rows removed (default: the profile's).")
  var illavaVitR: Double?
  @Option(help: "1 drop, 2 shift-merge, 3 recycle, 4 absorb (default: the profile's).")
  var illavaVitMode: Int?
  @Option(
    help: ArgumentHelp(
      "How groups are chosen in the ViT (default: the profile's; attention in exact).",
      discussion: "bipartite averages what it merges; with mode 1 it drops it."))
  var illavaVitScore: VisionChoice?
  @Option(help: "LLM layers that merge, such as 19-21-23-25.")
  var illavaLlmK: String?
  @Option(
    help: "The share each of them keeps; 1 and more: rows removed (default: the profile's).")
  var illavaLlmR: Double?
  @Option(help: "1 drop, 2 shift-merge, 3 recycle, 4 absorb (default: the profile's).")
  var illavaLlmMode: Int?
  @Option(
    help: "How tokens are chosen in the LLM (default: the profile's; attention in exact).")
  var illavaLlmScore: TextChoice?
  @Option(
    help: ArgumentHelp(
      "Visual tokens of a question that the ViT leaves at least (default: the profile's).",
      valueName: "tokens"))
  var illavaVitMin: Int?
  @Option(help: "Where the random numbers of the score random start.")
  var mergeSeed: UInt64 = 0
  @Flag(help: "No merging inside the ViT.")
  var noIllavaVit = false
  @Flag(help: "No merging inside the LLM.")
  var noIllavaLlm = false
  @Option(
    help: ArgumentHelp(
      "FastV instead: drop the share R of visual tokens before LLM layer K.", valueName: "K:R"))
  var fastv: String?

  /// The parameters that were asked for.
  ///
  /// - Throws: `usage`.
  func parameters() throws(Failure) -> MergeParameters {
    if let fastv { return try fastV(fastv) }
    var parameters = MergeParameters(profile: profile)
    parameters.visionEnabled = profile != .off && !noIllavaVit
    parameters.textEnabled = profile != .off && !noIllavaLlm
    if let illavaVitK { parameters.visionLayers = try LayerList(text: illavaVitK) }
    if let illavaLlmK { parameters.textLayers = try LayerList(text: illavaLlmK) }
    if let illavaVitR { parameters.visionRetention = try Retention(illavaVitR) }
    if let illavaLlmR { parameters.textRetention = try Retention(illavaLlmR) }
    if let illavaVitMode {
      parameters.visionMode = try mode(illavaVitMode, "--illava-vit-mode")
    }
    if let illavaLlmMode {
      parameters.textMode = try mode(illavaLlmMode, "--illava-llm-mode")
    }
    parameters.visionChoice = illavaVitScore
    parameters.textChoice = illavaLlmScore
    if let illavaVitMin {
      guard illavaVitMin >= 0 else {
        throw Failure(
          .usage, code: .mergingLeast,
          "--illava-vit-min \(illavaVitMin) is not a number of tokens",
          remedy: "Give 0 or more, such as \(MergeProfile.standard.visionMinTokens).")
      }
      parameters.visionMinTokens = illavaVitMin
    }
    parameters.seed = mergeSeed
    return parameters
  }

  private func mode(_ number: Int, _ option: String) throws(Failure) -> MergeMode {
    guard let mode = MergeMode(rawValue: number) else {
      throw Failure(
        .usage, code: .mergingMode, "\(option) \(number) is not a merging mode",
        remedy: "Give 1 (drop), 2 (shift-merge), 3 (recycle) or 4 (absorb).")
    }
    return mode
  }

  private func fastV(_ text: String) throws(Failure) -> MergeParameters {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let layer = Int(parts[0]), let share = Double(parts[1]) else {
      throw Failure(
        .usage, code: .mergingFastV, "“\(text)” is not a layer and a share",
        remedy: "Give layer and share to drop, such as --fastv 2:0.5.")
    }
    return try MergeParameters.fastV(layer: layer, removed: share)
  }
}

extension MergeProfile: ExpressibleByArgument {}
extension VisionChoice: ExpressibleByArgument {}
extension TextChoice: ExpressibleByArgument {}
