import GRDB

extension JobStore {
  /// The ratio of measured to predicted memory of a model.
  ///
  /// - Parameter model: its folder and its precision.
  /// - Returns: `nil` while nothing was measured.
  public func memoryRatio(model: String) throws -> Double? {
    try read { db in
      try Row.fetchOne(
        db, sql: "SELECT ratio FROM memory_ratios WHERE model = ?", arguments: [model])?
        .value("ratio").map(Self.sane)
    }
  }

  /// A ratio of a hundred is not an error of the cost model but of the measurement.
  private static func sane(_ ratio: Double) -> Double {
    ratio.isFinite ? min(100, max(0.01, ratio)) : 1
  }

  /// All ratios of measured to predicted memory, by model.
  public func memoryRatios() throws -> [String: Double] {
    try read { db in
      var ratios: [String: Double] = [:]
      for row in try Row.fetchAll(db, sql: "SELECT model, ratio FROM memory_ratios") {
        guard let model: String = row.value("model"), let ratio: Double = row.value("ratio") else {
          continue
        }
        ratios[model] = Self.sane(ratio)
      }
      return ratios
    }
  }

  /// Updates the ratio with an attempt. A larger ratio counts fully, a smaller one by a tenth, because a
  /// prediction that is too small costs a job, and one that is too large costs a little retention.
  ///
  /// - Parameters:
  ///   - measured: the peak memory of the worker, in bytes.
  ///   - predicted: the prediction of the cost model alone, in bytes.
  func learnMemory(model: String, measured: Int, predicted: Int, now: Int) throws {
    guard measured > 0, predicted > 0 else { return }
    let ratio = Self.sane(Double(measured) / Double(predicted))
    try write("store.memory") { db in
      try db.execute(
        sql: """
          INSERT INTO memory_ratios VALUES (?1, ?2, 1, ?3) ON CONFLICT (model) DO UPDATE SET
            ratio = CASE WHEN ?2 > ratio THEN ?2 ELSE ratio * 0.9 + ?2 * 0.1 END,
            jobs = jobs + 1, updated = ?3
          """, arguments: [model, ratio, now])
    }
  }
}
