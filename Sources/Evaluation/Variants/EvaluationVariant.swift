import Diagnostics
import Merging
import Models
import Options

/// One way to answer all questions: a profile or selection, at its own retention or at a given one.
public struct EvaluationVariant: Sendable, Equatable {
  /// The name that was given for it.
  public let name: String
  /// The share of visual tokens to be left after all layers; `nil` for the profile's own.
  public let retention: Double?
  /// How visual tokens are merged.
  public let merging: MergeParameters
  /// Shows smaller images instead, with as many tokens as this merging would leave.
  public let shrinksLike: MergeParameters?

  /// The memory limit of the process, in bytes: questions are reduced to fit, as on a smaller machine.
  /// `nil` for no planning.
  public var memory: Int?

  /// A variant from its parts.
  public init(
    name: String, retention: Double? = nil, merging: MergeParameters,
    shrinksLike: MergeParameters? = nil
  ) {
    self.name = name
    self.retention = retention
    self.merging = merging
    self.shrinksLike = shrinksLike
  }

  /// Everything about it that affects an answer; results in the log are found by this text.
  ///
  /// - Throws: what `resolve` throws where the model cannot run it.
  func description(for model: any VisionLanguageModel) throws(Failure) -> String {
    let within = memory.map { ", within \($0) bytes" } ?? ""
    if let shrinksLike {
      return "shrinks like \(Self.text(try model.resolve(shrinksLike)))" + within
    }
    let resolved = try model.resolve(merging)
    return Self.text(resolved) + Self.films(resolved) + within
  }

  private static func films(_ merging: ResolvedMerging) -> String {
    guard let films = merging.films else { return "" }
    return ", films above \(films.threshold)\(films.measuresNoise ? " and noise" : ""), "
      + "margin \(films.margin), area \(films.area), refresh \(films.refresh), \(films.tokens)"
  }

  private static func text(_ merging: ResolvedMerging) -> String {
    func stage(_ stage: MergeStage) -> String {
      guard !stage.layers.isEmpty else { return "none" }
      let layers = stage.layers.map(String.init).joined(separator: "-")
      return "\(layers) keep \(stage.retention.value) mode \(stage.mode.rawValue)"
    }
    if merging.vision.layers.isEmpty, merging.text.layers.isEmpty { return "no merging" }
    var parts = ["\(merging.profile)"]
    parts.append("vit \(stage(merging.vision))")
    if !merging.vision.layers.isEmpty {
      parts.append("by \(merging.visionChoice)")
      if merging.visionMinTokens > 0 { parts.append("at least \(merging.visionMinTokens)") }
    }
    parts.append("llm \(stage(merging.text))")
    if !merging.text.layers.isEmpty { parts.append("by \(merging.textChoice)") }
    parts.append("seed \(merging.seed)")
    return parts.joined(separator: ", ")
  }
}
