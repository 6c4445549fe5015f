import Testing

@testable import Spool

/// The parameters from `Tests/power-cut/run.sh`.
enum PowerCutRun {
  private static let environment = ProcessEnvironment.all
  /// The records, as paths.
  static let records = (environment["ILLAVA_POWER_CUT_RECORDS"] ?? "").split(separator: ":")
    .map(String.init)
  /// The number of cuts in all.
  static let cuts = environment["ILLAVA_POWER_CUTS"].flatMap { Int($0) } ?? 2000
  static let seed = environment["ILLAVA_POWER_CUT_SEED"].flatMap { UInt64($0) } ?? 1
  /// The number of tests that divide each record and run at the same time.
  static let partsOfEach = 4

  static let parts = records.flatMap { record in
    (0..<partsOfEach).map { Part(record: record, index: $0) }
  }

  /// A range of a record.
  struct Part: CustomTestStringConvertible, Sendable {
    let record: String
    let index: Int
    var testDescription: String { "part \(index) of \(record)" }
  }
}
