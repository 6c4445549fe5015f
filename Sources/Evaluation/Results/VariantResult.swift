import Diagnostics

/// The results of one variant.
public struct VariantResult: Sendable, Codable {
  /// The name that was given for the variant.
  public let name: String
  /// The share of visual tokens that was requested; `nil` for the profile's own.
  public let retention: Double?
  /// The memory limit of the process, in bytes; `nil` where no memory was planned.
  public let memory: Int?
  /// Why the model cannot run the variant; then all counts are empty.
  public let problem: String?
  /// Questions that were answered.
  public let answers: AnswerCount
  /// The paired comparison with the first variant of the report; `nil` for the first variant itself.
  public let versusFirst: AnswerDifference?
  /// Questions that could not be answered, by the failure's code.
  public let failures: [FailureCode: Int]
  /// Yes/no questions among the answered ones (MME's accuracy).
  public let yesNo: AnswerCount?
  /// Images with at least two yes/no questions, counted right if all of them were (MME's accuracy+).
  public let yesNoPictures: AnswerCount?
  /// How true the confidence is; `nil` where questions were not answered by choices.
  public let calibration: CalibrationResult?
  /// The answers by the skill that a question tests.
  public let skills: [String: AnswerCount]
  /// Visual tokens of a question before merging, on average.
  public let visualTokens: Double
  /// Visual tokens after the image encoder, on average.
  public let visualTokensAfterVision: Double
  /// Visual tokens after the last merging layer, on average.
  public let visualTokensLeft: Double
  /// The share of all visual tokens left after the last merging layer.
  public let share: Double
  /// Seconds per question, on average.
  public let seconds: Double
  /// Seconds in the image encoder, a part of `seconds`.
  public let visionSeconds: Double
  /// Seconds of prefill, a part of `seconds`.
  public let prefillSeconds: Double
  /// The most resident memory, in bytes.
  public let peakBytes: Int

  /// The share of right answers among all questions, including those that could not be answered.
  var shareRight: Double {
    let asked = answers.questions + failures.values.reduce(0, +)
    return asked == 0 ? 0 : Double(answers.right) / Double(asked)
  }

  private enum CodingKeys: String, CodingKey {
    case name, retention, memory, problem, answers, failures, skills, share, seconds, calibration
    case yesNo = "yes_no"
    case yesNoPictures = "yes_no_pictures"
    case versusFirst = "versus_first"
    case visualTokens = "visual_tokens"
    case visualTokensAfterVision = "visual_tokens_after_vit"
    case visualTokensLeft = "visual_tokens_left"
    case visionSeconds = "vision_seconds"
    case prefillSeconds = "prefill_seconds"
    case peakBytes = "peak_bytes"
  }

  init(
    _ variant: EvaluationVariant, records: [EvaluationRecord],
    against first: [EvaluationRecord]? = nil, groups: ImageGroups, problem: String?
  ) {
    name = variant.name
    retention = variant.retention
    memory = variant.memory
    self.problem = problem
    let answered = records.filter { $0.failure == nil }
    answers = AnswerCount(answered.map(\.isRight))
    versusFirst = first.map { AnswerDifference(records, against: $0) }
    failures = records.compactMap(\.failure).reduce(into: [:]) { $0[$1, default: 0] += 1 }
    let yesNo = answered.filter { groups.rows[$0.row]?.isYesNo == true }
    self.yesNo = yesNo.isEmpty ? nil : AnswerCount(yesNo.map(\.isRight))
    let pictures = Dictionary(grouping: yesNo) { groups.rows[$0.row]?.pictures ?? -1 }.values
      .filter { $0.count > 1 }
    yesNoPictures =
      pictures.isEmpty ? nil : AnswerCount(pictures.map { $0.allSatisfy(\.isRight) })
    calibration = CalibrationResult(answered.compactMap(\.choices))
    skills = Dictionary(
      grouping: answered.filter { groups.rows[$0.row]?.skill != nil },
      by: { groups.rows[$0.row]?.skill ?? "" }
    ).mapValues { AnswerCount($0.map(\.isRight)) }
    func mean(_ value: (EvaluationRecord) -> Double) -> Double {
      answered.isEmpty ? 0 : answered.reduce(0) { $0 + value($1) } / Double(answered.count)
    }
    visualTokens = mean { Double($0.visualTokens) }
    visualTokensAfterVision = mean { Double($0.visualTokensAfterVision) }
    visualTokensLeft = mean { Double($0.visualTokensLeft) }
    share = answered.isEmpty ? 0 : visualTokens > 0 ? visualTokensLeft / visualTokens : 1
    seconds = mean(\.seconds)
    visionSeconds = mean(\.visionSeconds)
    prefillSeconds = mean(\.prefillSeconds)
    peakBytes = answered.map(\.peakBytes).max() ?? 0
  }
}
