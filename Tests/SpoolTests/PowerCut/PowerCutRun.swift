import Testing

@testable import Spool

/// What `Tests/power-cut/run.sh` asks for.
enum PowerCutRun {
  private static let environment = ProcessEnvironment.all
  /// The records, as paths.
  static let records = (environment["ILLAVA_POWER_CUT_RECORDS"] ?? "").split(separator: ":")
    .map(String.init)
  /// Cuts in all.
  static let cuts = environment["ILLAVA_POWER_CUTS"].flatMap { Int($0) } ?? 2000
  static let seed = environment["ILLAVA_POWER_CUT_SEED"].flatMap { UInt64($0) } ?? 1
  /// Each record is walked through by so many tests at the same time.
  static let partsOfEach = 4

  static let parts = records.flatMap { record in
    (0..<partsOfEach).map { Part(record: record, index: $0) }
  }

  /// A stretch of a record.
  struct Part: CustomTestStringConvertible, Sendable {
    let record: String
    let index: Int
    var testDescription: String { "part \(index) of \(record)" }
  }
}
