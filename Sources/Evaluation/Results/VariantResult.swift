import Diagnostics

/// What one variant came to.
public struct VariantResult: Sendable, Codable {
  /// What it was called by.
  public let name: String
  /// The share of visual tokens that was asked for; none for the profile's own.
  public let retention: Double?
  /// The memory the process might hold, in bytes; none where nothing was planned.
  public let memory: Int?
  /// Why the model cannot run it; then there is nothing else.
  public let problem: String?
  /// Questions that were answered.
  public let answers: AnswerCount
  /// How it compares, question by question, with the first variant of the report; none for that one.
  public let versusFirst: AnswerDifference?
  /// Questions that could not be asked, by the failure's code.
  public let failures: [FailureCode: Int]
  /// Yes/no questions among them, and pictures all of whose yes/no questions were answered right
  /// (MME's accuracy and accuracy+).
  public let yesNo: AnswerCount?
  /// Pictures with two and more yes/no questions.
  public let yesNoPictures: AnswerCount?
  /// By what a question is a test of.
  public let skills: [String: AnswerCount]
  /// Visual tokens of a question unmerged, on average.
  public let visualTokens: Double
  /// Visual tokens the image encoder handed over, on average.
  public let visualTokensAfterVision: Double
  /// Visual tokens after the last merging layer, on average.
  public let visualTokensLeft: Double
  /// The share of all visual tokens that was left in the end.
  public let share: Double
  /// Seconds a question, on average.
  public let seconds: Double
  /// Seconds of them in the image encoder.
  public let visionSeconds: Double
  /// Seconds of them for the prompt.
  public let prefillSeconds: Double
  /// The most resident memory, in bytes.
  public let peakBytes: Int

  /// The share of all questions, those that could not be asked included, that was answered right.
  var shareRight: Double {
    let asked = answers.questions + failures.values.reduce(0, +)
    return asked == 0 ? 0 : Double(answers.right) / Double(asked)
  }

  private enum CodingKeys: String, CodingKey {
    case name, retention, memory, problem, answers, failures, skills, share, seconds
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
