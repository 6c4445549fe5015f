import Diagnostics

/// One row of a data set: a question, or the reason why the row cannot be read.
public struct DataRow: Sendable {
  /// Its number among the rows, from 1.
  public let number: Int
  /// The question, unless the row is damaged.
  public let item: Result<EvaluationItem, Failure>

  /// A row from its parts.
  public init(number: Int, item: Result<EvaluationItem, Failure>) {
    self.number = number
    self.item = item
  }

  /// A damaged row.
  static func damaged(_ number: Int, _ message: String) -> DataRow {
    DataRow(
      number: number,
      item: .failure(
        Failure(.badInput, code: .evaluationRow, "row \(number) \(message)")))
  }
}
