@preconcurrency import Glibc

/// The difference in accuracy between two variants on the questions that both answered.
///
/// The comparison is paired, because both variants get the same easy and hard questions: it can
/// distinguish variants that their own standard errors cannot.
public struct AnswerDifference: Sendable, Codable, Equatable {
  /// Questions that both answered.
  public let questions: Int
  /// Questions that only this variant answered right.
  public let gained: Int
  /// Questions that only the other variant answered right.
  public let lost: Int
  /// The difference in the share of right answers.
  public let difference: Double
  /// The standard error of the difference.
  public let standardError: Double

  private enum CodingKeys: String, CodingKey {
    case questions, gained, lost, difference
    case standardError = "standard_error"
  }

  init(_ records: [EvaluationRecord], against others: [EvaluationRecord]) {
    let right = Dictionary(
      others.filter { $0.failure == nil }.map { ($0.row, $0.isRight) }
    ) { first, _ in first }
    let pairs = records.filter { $0.failure == nil }.compactMap { record in
      right[record.row].map { (own: record.isRight, other: $0) }
    }
    questions = pairs.count
    gained = pairs.filter { $0.own && !$0.other }.count
    lost = pairs.filter { !$0.own && $0.other }.count
    let count = Double(max(1, pairs.count))
    difference = Double(gained - lost) / count
    let variance = Double(gained + lost) / count - difference * difference
    standardError = (max(0, variance) / count).squareRoot()
  }
}
