import Basics
import Diagnostics
import MemoryPlanner
import Report
import Terminal

@preconcurrency import Glibc

/// The results of all variants side by side.
public struct EvaluationReport: Sendable, Codable {
  /// A row that could not be read.
  public struct DamagedRow: Sendable, Codable, Equatable {
    /// Its number, from 1.
    public let row: Int
    /// The reason.
    public let message: String
  }

  /// The data set's file.
  public let data: String
  /// The number of rows taken from it.
  public let rows: Int
  /// The rows among them that could not be read.
  public let damaged: [DamagedRow]
  /// One result per variant, in the requested order.
  public let results: [VariantResult]

  /// The report as JSON, keys in alphabetical order.
  public func json() throws(Failure) -> String { try JSONText.encode(self) + "\n" }

  /// The report as tables for a terminal.
  public var table: String {
    var lines = ["\(data): \(rows) rows, \(damaged.count) of them damaged", ""]
    lines += Table.plain(summary)
    if results.contains(where: { $0.yesNo != nil }) {
      lines += ["", "yes/no"] + Table.plain(yesNo)
    }
    if results.contains(where: { $0.calibration != nil }) {
      lines += ["", "choices"] + Table.plain(calibration)
    }
    let skills = Set(results.flatMap(\.skills.keys)).sorted()
    if !skills.isEmpty { lines += [""] + Table.plain(table(of: skills)) }
    var notes = results.compactMap { result in
      result.problem.map { "\(Self.label(result)) was left out: \($0)" }
    }
    notes += results.filter { !$0.failures.isEmpty }.map { result in
      let codes = result.failures.sorted { $0.key.rawValue < $1.key.rawValue }.map {
        "\($0.value) × \($0.key)"
      }
      return "\(Self.label(result)) did not answer: \(codes.joined(separator: ", "))"
    }
    notes += damaged.prefix(10).map(\.message)
    if damaged.count > 10 { notes.append("and \(damaged.count - 10) more damaged rows") }
    if !notes.isEmpty { lines += [""] + notes }
    return lines.joined(separator: "\n") + "\n"
  }

  private var ran: [VariantResult] { results.filter { $0.problem == nil } }

  private var summary: [[String]] {
    let header = [
      "profile", "right", "accuracy", "± s.e.", "to the first", "visual tokens", "left", "seconds",
      "ViT s",
      "prefill s", "peak MiB",
    ]
    return [header]
      + ran.map { result in
        let tokens = [
          result.visualTokens, result.visualTokensAfterVision, result.visualTokensLeft,
        ].map { DecimalText.number($0, 1) }
        return [
          Self.label(result), "\(result.answers.right) of \(result.answers.questions)",
          DecimalText.percent(result.answers.accuracy),
          DecimalText.percent(result.answers.standardError), Self.text(result.versusFirst),
          tokens.joined(separator: " → "),
          DecimalText.percent(result.share), DecimalText.number(result.seconds, 2),
          DecimalText.number(result.visionSeconds, 2), DecimalText.number(result.prefillSeconds, 2),
          "\((result.peakBytes + (1 << 19)) >> 20)",
        ]
      }
  }

  /// The difference in percentage points, as `−1.2 ± 0.4`.
  private static func text(_ difference: AnswerDifference?) -> String {
    guard let difference, difference.questions > 0 else { return "" }
    let sign = difference.difference < 0 ? "−" : "+"
    return "\(sign)\(DecimalText.number(abs(difference.difference) * 100, 1)) ± "
      + DecimalText.number(difference.standardError * 100, 1)
  }

  private var yesNo: [[String]] {
    [["profile", "questions", "accuracy", "pictures", "accuracy+"]]
      + ran.map { result in
        [
          Self.label(result), "\(result.yesNo?.questions ?? 0)",
          result.yesNo.map { DecimalText.percent($0.accuracy) } ?? "–",
          "\(result.yesNoPictures?.questions ?? 0)",
          result.yesNoPictures.map { DecimalText.percent($0.accuracy) } ?? "–",
        ]
      }
  }

  private var calibration: [[String]] {
    [["profile", "questions", "accuracy", "error", "--choice-calibration", "accuracy", "error"]]
      + ran.map { result in
        guard let found = result.calibration else { return [Self.label(result), "0"] }
        return [
          Self.label(result), "\(found.questions)", DecimalText.percent(found.before.accuracy),
          DecimalText.percent(found.before.error), found.calibration,
          DecimalText.percent(found.after.accuracy), DecimalText.percent(found.after.error),
        ]
      }
  }

  /// A table with one row per skill, or one column per skill where there are more profiles than skills.
  private func table(of skills: [String]) -> [[String]] {
    func cell(_ result: VariantResult, _ skill: String) -> String {
      result.skills[skill].map { "\(DecimalText.percent($0.accuracy)) of \($0.questions)" } ?? "–"
    }
    guard ran.count > skills.count else {
      return [["skill"] + ran.map(Self.label)]
        + skills.map { skill in [skill] + ran.map { cell($0, skill) } }
    }
    return [["profile"] + skills]
      + ran.map { result in [Self.label(result)] + skills.map { cell(result, $0) } }
  }

  /// A variant's label: `exact`, `exact @ 35.0 %` where a share was set, or `exact within 96 MiB`.
  static func label(_ result: VariantResult) -> String {
    let share = result.retention.map { " @ \(DecimalText.percent($0))" } ?? ""
    let within = result.memory.map { " within \(ByteCount.memory($0))" } ?? ""
    return result.name + share + within
  }
}
