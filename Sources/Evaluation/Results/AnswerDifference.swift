@preconcurrency import Glibc

/// How much better or worse a variant answers than another, on the questions both answered.
///
/// Paired, because both meet the same easy and hard questions: this tells variants apart that their
/// own standard errors do not.
public struct AnswerDifference: Sendable, Codable, Equatable {
  /// Questions both answered.
  public let questions: Int
  /// Questions only this one answered right.
  public let gained: Int
  /// Questions only the other one answered right.
  public let lost: Int
  /// The difference of the shares that are right.
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
