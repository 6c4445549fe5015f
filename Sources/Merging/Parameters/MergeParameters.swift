import Diagnostics
import Options

/// The merging that a question asks for, under the authors' names and with the defaults of a profile.
public struct MergeParameters: Sendable, Equatable {
  /// The profile: which version of the method is computed.
  public var profile: MergeProfile
  /// `enable_illava_vit`: merge inside the ViT.
  public var visionEnabled = true
  /// `illava_vit_k`: the ViT's merging layers; `nil` for the profile's, fitted to the model's depth.
  public var visionLayers: LayerList?
  /// `illava_vit_r`: the share that each of those layers keeps, or the number of groups it removes.
  public var visionRetention: Retention
  /// `illava_vit_mode`: what happens to the groups that are not kept.
  public var visionMode: MergeMode
  /// How groups are chosen in the ViT; `nil` for the profile's own way.
  public var visionChoice: VisionChoice?
  /// `enable_illava_llm`: merge inside the LLM.
  public var textEnabled = true
  /// `illava_llm_k`: the LLM's merging layers; `nil` for 19-21-23-25 fitted to the model's depth.
  public var textLayers: LayerList?
  /// `illava_llm_r`: the share that each of those layers keeps, or the number of tokens it removes.
  public var textRetention: Retention
  /// `illava_llm_mode`: what happens to the tokens that are not kept.
  public var textMode: MergeMode
  /// How tokens are chosen in the LLM; `nil` for the profile's own way.
  public var textChoice: TextChoice?
  /// The least number of visual tokens that the ViT leaves of a question, whatever its retention says.
  /// `nil` takes the profile's number if the retention is the profile's own, and 0 otherwise.
  public var visionMinTokens: Int?
  /// Whether what stands still in a film is computed only once; `nil` for the profile's own way.
  public var reusesStatic: Bool?
  /// How, where it is.
  public var films = FilmReuse()
  /// The seed of the random choices.
  public var seed: UInt64 = 0

  /// The defaults of a profile.
  public init(profile: MergeProfile = .standard) {
    self.profile = profile
    visionRetention = profile.visionRetention
    textRetention = profile.textRetention
    visionMode = profile.mode
    textMode = profile.mode
    if profile == .off {
      visionEnabled = false
      textEnabled = false
    }
  }

  /// FastV (arXiv 2403.06764): one LLM layer that drops the share `removed` of the visual tokens by
  /// the last token's attention, and nothing in the ViT.
  public static func fastV(layer: Int, removed: Double) throws(Failure) -> MergeParameters {
    let fastV = try FastV(layer: layer, removed: removed)
    var parameters = MergeParameters(profile: .exact)
    parameters.visionEnabled = false
    parameters.textLayers = try LayerList([fastV.layer])
    parameters.textRetention = .share(1 - fastV.removed)
    parameters.textMode = .drop
    return parameters
  }

  /// Determines the layers for a model.
  ///
  /// - Throws: `merging.layers` for layers the model does not have, `merging.published-deepstack`
  ///   and `merging.published-family` where the published code cannot run.
  public func resolved(for target: MergeTarget) throws(Failure) -> ResolvedMerging {
    var notes: [String] = []
    var vision = MergeStage(.vision, layers: [], retention: visionRetention, mode: visionMode)
    if visionEnabled {
      vision.layers = try settle(
        visionLayers, target.defaults.vision(of: profile), depth: target.visionDepth, first: 0,
        name: "ViT", &notes)
    }
    var text = MergeStage(.text, layers: [], retention: textRetention, mode: textMode)
    if textEnabled {
      // Layer 0 has no layer before it whose attention could score its tokens.
      text.layers = try settle(
        textLayers, target.defaults.text, depth: target.textDepth, first: 1, name: "LLM", &notes)
    }
    if profile == .published, reusesStatic == true {
      throw Failure(
        .usage, code: .mergingScore, "the published code computes every frame whole",
        remedy: "Use the profile tuned or exact, or leave out what is said about static groups.")
    }
    if profile == .published { try check(target.published, last: vision.layers.last) }
    try checkChoices()
    // Mode 2 keeps the first rows and removes the last; there is nothing to choose.
    let visionDefault = visionMode == .shiftMerge ? .attention : profile.visionChoice
    let textDefault = textMode == .shiftMerge ? .attention : profile.textChoice
    let textChoice = textChoice ?? textDefault
    if textChoice.selection.attentionScore != nil {
      try checkScores(of: text.layers, first: target.firstScored)
    }
    return ResolvedMerging(
      profile: profile, vision: vision, text: text, visionChoice: visionChoice ?? visionDefault,
      textChoice: textChoice,
      visionMinTokens: visionMinTokens
        ?? (visionRetention == profile.visionRetention ? profile.visionMinTokens : 0),
      films: reusedFilms, seed: seed, notes: notes)
  }

  /// How films are reused. A number of rows is another share of a frame's part than of the whole.
  private var reusedFilms: FilmReuse? {
    if visionEnabled, case .removed = visionRetention { return nil }
    return reusesStatic ?? profile.reusesStatic ? films : nil
  }

  private func check(_ published: MergeTarget.Published, last: Int?) throws(Failure) {
    switch published {
    case .anywhere: return
    case .upTo(let early):
      guard let last, early < last else { return }
      throw Failure(
        .usage, code: .mergingPublishedDeepStack,
        "the published code cannot merge at ViT layer \(last) after DeepStack features were taken "
          + "at layer \(early)",
        remedy:
          "Use the profile tuned or exact, which merge these too, or merge before layer \(early + 1)."
      )
    case .none:
      throw Failure(
        .usage, code: .mergingPublishedFamily,
        "the authors published no code of this kind for models of this family",
        remedy: "Use the profile tuned or exact.")
    }
  }

  /// Refuses layers of the LLM that no attention comes before, where a choice needs its scores.
  private func checkScores(of layers: [Int], first: Int) throws(Failure) {
    guard let lowest = layers.first, lowest < first else { return }
    throw Failure(
      .usage, code: .mergingLayers,
      "the LLM cannot merge at layer \(lowest) by attention: its first layer of attention is "
        + "\(first - 1), and only layers after it have scores",
      remedy:
        "Choose layers from \(first) on, such as --fastv \(first):0.5; or, without --fastv, the "
        + "score distinct.")
  }

  private func checkChoices() throws(Failure) {
    if profile == .published,
      visionChoice != nil || textChoice ?? .attention != .attention
    {
      throw Failure(
        .usage, code: .mergingScore,
        "the profile published scores patches and tokens as the published code does",
        remedy: "Use the profile tuned or exact to choose another score.")
    }
    if profile == .published,
      visionEnabled && visionMode == .absorb || textEnabled && textMode == .absorb
    {
      throw Failure(
        .usage, code: .mergingMode, "the published code has no mode 4",
        remedy: "Use the profile tuned or exact, or mode 1, 2 or 3.")
    }
    let isScored = visionChoice == nil || visionChoice == .attention
    if visionEnabled, visionMode == .shiftMerge, !isScored {
      throw Failure(
        .usage, code: .mergingScore, "mode 2 merges the last rows, whatever their scores",
        remedy: "Choose mode 1, 3 or 4, or leave the score as it is.")
    }
  }

  private func settle(
    _ asked: LayerList?, _ published: MergeTarget.Layers, depth: Int, first: Int,
    name: String, _ notes: inout [String]
  ) throws(Failure) -> [Int] {
    if let asked {
      guard let lowest = asked.layers.first, let highest = asked.layers.last, lowest >= first,
        highest < depth
      else {
        throw Failure(
          .usage, code: .mergingLayers,
          "the \(name) cannot merge at layers \(asked.text): it has layers \(first) to \(depth - 1)"
            + " to merge at",
          remedy: "Choose layers in that range.")
      }
      return asked.layers
    }
    let fitted = LayerList.fitted(published, depth: depth, first: first)
    if fitted != published.layers {
      let names = (published.layers, fitted)
      notes.append(
        "the \(name) has \(depth) layers, so it merges at \(joined(names.1)) instead of "
          + joined(names.0))
    }
    return fitted
  }

  private func joined(_ layers: [Int]) -> String {
    layers.map(String.init).joined(separator: "-")
  }
}

extension MergeParameters {
  /// The merging that the options of a question ask for: the only place that reads options of merging.
  ///
  /// - Throws: `usage` for a value that an option cannot have.
  public init(_ options: QuestionOptions) throws(Failure) {
    if let fastV = try options.value(\.fastV) {
      self = try .fastV(layer: fastV.layer, removed: fastV.removed)
      return
    }
    self.init(profile: try options.value(\.profile) ?? .standard)
    if profile != .off {
      visionEnabled = try options.value(\.visionEnabled) ?? true
      textEnabled = try options.value(\.textEnabled) ?? true
    }
    visionLayers = try options.value(\.visionLayers)
    visionRetention = try options.value(\.visionRetention) ?? visionRetention
    visionMode = try options.value(\.visionMode) ?? visionMode
    visionChoice = try options.value(\.visionScore)
    visionMinTokens = try options.value(\.visionMinTokens)
    textLayers = try options.value(\.textLayers)
    textRetention = try options.value(\.textRetention) ?? textRetention
    textMode = try options.value(\.textMode) ?? textMode
    textChoice = try options.value(\.textScore)
    try readFilms(options)
    seed = UInt64(clamping: try options.value(\.mergeSeed) ?? 0)
  }

  /// Asking for any number of the reuse asks for the reuse itself.
  private mutating func readFilms(_ options: QuestionOptions) throws(Failure) {
    let threshold = try options.value(\.staticThreshold)
    let margin = try options.value(\.staticMargin)
    let area = try options.value(\.staticArea)
    let refresh = try options.value(\.staticRefresh)
    let tokens = try options.value(\.staticTokens)
    films.threshold = threshold ?? films.threshold
    films.measuresNoise = threshold == nil
    films.margin = margin ?? films.margin
    films.area = area ?? films.area
    films.refresh = refresh ?? films.refresh
    films.tokens = tokens ?? films.tokens
    if threshold != nil || margin != nil || area != nil || refresh != nil || tokens != nil {
      reusesStatic = true
    }
    reusesStatic = try options.value(\.staticEnabled) ?? reusesStatic
  }

  /// The options that ask for these parameters, including those that equal the profile's defaults.
  public var options: QuestionOptions {
    var options = QuestionOptions()
    options.profile = profile
    options.visionEnabled = visionEnabled
    options.visionLayers = visionLayers
    options.visionRetention = visionRetention
    options.visionMode = visionMode
    options.visionScore = visionChoice
    options.visionMinTokens = visionMinTokens
    options.textEnabled = textEnabled
    options.textLayers = textLayers
    options.textRetention = textRetention
    options.textMode = textMode
    options.textScore = textChoice
    options.staticEnabled = reusesStatic
    if reusesStatic ?? profile.reusesStatic {
      options.staticThreshold = films.measuresNoise ? nil : films.threshold
      options.staticMargin = films.margin
      options.staticArea = films.area
      options.staticRefresh = films.refresh
      options.staticTokens = films.tokens
    }
    options.mergeSeed = Int(clamping: seed)
    return options
  }
}
