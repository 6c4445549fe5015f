import GRDB

extension JobStore {
  /// How much more than predicted a model was seen to take: measured divided by predicted.
  ///
  /// - Parameter model: its folder and the way it is held.
  /// - Returns: `nil` while nothing was measured.
  public func memoryRatio(model: String) throws -> Double? {
    try read { db in
      try Row.fetchOne(
        db, sql: "SELECT ratio FROM memory_ratios WHERE model = ?", arguments: [model])?
        .value("ratio").map(Self.sane)
    }
  }

  /// A hundredfold is no miss of the cost model but a mistake in the measurement.
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

  /// Takes in what an attempt took. A larger ratio counts at once, a smaller one by a tenth: one
  /// prediction that was too small costs a job, one that was too large a little retention.
  ///
  /// - Parameters:
  ///   - measured: bytes the worker held at most.
  ///   - predicted: bytes the cost model alone predicted.
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
