import Basics
import Diagnostics
import Engine
import Media
import MemoryPlanner
import Merging
import Models
import Options

/// The memory, tokens and time that a question would need, for people and for programs.
public struct PlanDocument: Sendable, Codable {
  /// A part of the memory cost.
  struct Part: Sendable, Codable {
    let name: String
    let bytes: Int
  }

  /// A file at the size it would be shown in, unless pixels or frames have to be given up.
  struct File: Sendable, Codable {
    let path: String
    /// The page, from 1, of a document that has several; left out for any other file.
    let page: Int?
    let kind: MediaKind
    let width: Int
    let height: Int
    let frames: Int
  }

  /// Tokens after each stage.
  struct Tokens: Sendable, Codable {
    let prompt: Int
    let visual: Int
    let visualAfterViT: Int
    let visualLeft: Int

    private enum CodingKeys: String, CodingKey {
      case prompt, visual
      case visualAfterViT = "visual_after_vit"
      case visualLeft = "visual_left"
    }
  }

  /// Seconds, computed from rates that were measured just before.
  struct Times: Sendable, Codable {
    let media: Double
    let vision: Double
    let prefill: Double
    let perToken: Double
    let newTokens: Int
    let gigaflops: Double
    let gigabytes: Double

    /// Seconds until the last of all tokens that may be generated.
    var total: Double { media + vision + prefill + perToken * Double(newTokens) }

    private enum CodingKeys: String, CodingKey {
      case media, vision, prefill
      case perToken = "per_token"
      case newTokens = "new_tokens"
      case gigaflops = "measured_gflops"
      case gigabytes = "measured_gbytes_per_second"
    }
  }

  /// The plan within another budget.
  struct Point: Sendable, Codable {
    let budget: Int
    let fits: Bool
    let percentLeft: Double
    let visionRetention: Double?
    let textRetention: Double?
    let pixelShare: Double?
    let frameShare: Double?

    private enum CodingKeys: String, CodingKey {
      case budget, fits
      case percentLeft = "visual_tokens_left_percent"
      case visionRetention = "illava_vit_r"
      case textRetention = "illava_llm_r"
      case pixelShare = "pixel_share"
      case frameShare = "frame_share"
    }

    init(_ point: PlanOutlook.Point) {
      budget = point.budget
      fits = point.plan != nil
      percentLeft = point.percentLeft
      visionRetention = point.plan.flatMap { PlanDocument.share($0.merging.vision) }
      textRetention = point.plan.flatMap { PlanDocument.share($0.merging.text) }
      pixelShare = point.plan?.pixelShare
      frameShare = point.plan?.frameShare
    }
  }

  let budget: Int?
  let budgetOrigin: String?
  let predicted: Int
  let process: Int
  let parts: [Part]
  let files: [File]
  let tokens: Tokens
  let visionRetention: Double?
  let textRetention: Double?
  let pixelShare: Double
  let frameShare: Double
  let adaptations: [Adaptation]
  let seconds: Times
  let curve: [Point]

  private enum CodingKeys: String, CodingKey {
    case budget, predicted, process, parts, files, tokens, adaptations, seconds, curve
    case budgetOrigin = "budget_origin"
    case visionRetention = "illava_vit_r"
    case textRetention = "illava_llm_r"
    case pixelShare = "pixel_share"
    case frameShare = "frame_share"
  }

  /// The document of a plan.
  ///
  /// - Parameter rates: how fast the machine computes.
  public init(_ outlook: PlanOutlook, rates: ComputeRates) {
    let plan = outlook.plan
    let load = outlook.load
    budget = plan.budget?.bytes
    budgetOrigin = plan.budget?.origin
    predicted = plan.predicted
    process = plan.baseline
    parts = plan.cost.parts.map { Part(name: $0.name, bytes: $0.bytes) }
    files = outlook.sources.map {
      File(
        path: $0.path, page: $0.page, kind: $0.kind, width: $0.shown.width, height: $0.shown.height,
        frames: max(1, $0.frames.count))
    }
    tokens = Tokens(
      prompt: load.promptTokens, visual: load.visualTokens,
      visualAfterViT: load.visualTokensAfterVision, visualLeft: load.visualTokensLeft)
    visionRetention = Self.share(plan.merging.vision)
    textRetention = Self.share(plan.merging.text)
    pixelShare = plan.pixelShare
    frameShare = plan.frameShare
    adaptations = plan.adaptations
    seconds = Times(
      media: outlook.mediaSeconds, vision: load.visionOperations * 1e-9 / rates.gigaflops,
      prefill: load.prefillOperations * 1e-9 / rates.gigaflops,
      perToken: Double(load.bytesPerToken) * 1e-9 / rates.gigabytes,
      newTokens: outlook.newTokens, gigaflops: rates.gigaflops, gigabytes: rates.gigabytes)
    curve = outlook.curve.map(Point.init)
  }

  private static func share(_ stage: MergeStage) -> Double? {
    stage.layers.isEmpty ? nil : stage.retention.value
  }

  /// The plan as lines of text, at most 80 columns wide except for paths.
  public var words: String {
    var lines = files.map { file in
      let frames = file.kind == .video ? "\(file.frames) frames of " : ""
      return "\(file.path): \(frames)\(file.width)×\(file.height)"
    }
    lines.append(
      "tokens: \(tokens.prompt), of which visual \(tokens.visual) → \(tokens.visualAfterViT) after "
        + "the ViT → \(tokens.visualLeft) after the LLM")
    lines.append("needs at most \(ByteCount.memory(predicted)), of which")
    lines += (parts + [Part(name: "the program itself", bytes: process)])
      .filter { $0.bytes > 0 }
      .map { "  \($0.name): \(ByteCount.memory($0.bytes))" }
    if let budget, let budgetOrigin {
      lines.append("may hold \(ByteCount.memory(budget)): \(budgetOrigin)")
    } else {
      lines.append("nothing limits it")
    }
    lines += adaptations.isEmpty ? ["fits as asked"] : adaptations.map(\.words)
    lines += timeLines
    if curve.isEmpty {
      lines.append("nothing could be given up to fit into less")
    } else {
      lines += [""] + PlanChart(curve, budget: budget).lines
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var timeLines: [String] {
    [
      "takes about \(Self.span(seconds.media)) for the media, \(Self.span(seconds.vision)) in the "
        + "ViT, \(Self.span(seconds.prefill)) for the prompt,",
      "  \(Self.span(seconds.perToken)) per token; \(Self.span(seconds.total)) for all "
        + "\(seconds.newTokens) tokens it may answer with",
      "  (at \(Int(clamping: seconds.gigaflops.rounded())) GFLOP/s and "
        + "\(Int(clamping: seconds.gigabytes.rounded())) GB/s, measured now in products alone)",
    ]
  }

  /// `0.04 s`, `7.3 s`, `2 min 20 s`.
  private static func span(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "ages" }
    if seconds >= 100 {
      let whole = Int(seconds.rounded())
      return "\(whole / 60) min \(whole % 60) s"
    }
    let hundredths = (seconds * 100).rounded() / 100
    return "\(seconds >= 10 ? (seconds * 10).rounded() / 10 : hundredths) s"
  }
}
