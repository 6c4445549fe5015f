import Basics
import Engine
import Terminal

/// The results of a benchmark and the conditions of the measurement, as a table and as JSON.
public struct BenchmarkReport: Sendable, Codable {
  /// The model's folder, or the configuration file of a random model.
  public let model: String
  /// The precision of the weights.
  public let weights: String
  /// Bytes of all weights.
  public let weightBytes: Int
  /// The number of threads.
  public let threads: Int
  /// The kernel path that was used.
  public let kernels: String
  /// The core type that OpenBLAS chose its code for.
  public let openBLASCore: String
  /// GFLOP/s of a 256 × 2,048 × 6,144 product in the precision of the weights (bf16 for f32).
  public let productGFLOPS: Double
  /// How much 8-bit or bf16 weights change the logits, where that was asked for.
  public let agreement: LogitAgreement?
  /// One row per size and variant; the others of each size are compared with its first.
  public let rows: [BenchmarkRow]

  private enum CodingKeys: String, CodingKey {
    case model, weights, threads, kernels, agreement, rows
    case weightBytes = "weight_bytes"
    case openBLASCore = "openblas_core"
    case productGFLOPS = "product_gflops"
  }

  /// A report from its parts.
  public init(
    model: String, weights: String, weightBytes: Int, threads: Int, kernels: String,
    openBLASCore: String, productGFLOPS: Double,
    agreement: LogitAgreement?, rows: [BenchmarkRow]
  ) {
    self.model = model
    self.weights = weights
    self.weightBytes = weightBytes
    self.threads = threads
    self.kernels = kernels
    self.openBLASCore = openBLASCore
    self.productGFLOPS = productGFLOPS
    self.agreement = agreement
    self.rows = rows
  }

  /// The rows as a table for a terminal, with ratios to the first row.
  public var table: String {
    var lines = [
      "\(model): \(mebibytes(weightBytes)) MiB of weights (\(weights)), \(threads) threads, "
        + "\(kernels) kernels, OpenBLAS \(openBLASCore), products \(DecimalText.number(productGFLOPS, 0)) GFLOP/s",
      "",
    ]
    let header = [
      "merging", "visual tokens", "ViT s", "prefill s", "first token s", "s/token", "peak MiB",
      "predicted",
    ]
    var cells = [header]
    let works = groups
    for rows in works {
      if works.count > 1 { cells.append([rows[0].work]) }
      cells += rows.map(self.cells) + rows.dropFirst().map { ratios($0, to: rows[0]) }
    }
    lines += Table.plain(cells) + [""] + notes
    return lines.joined(separator: "\n") + "\n"
  }

  /// The rows of each size.
  private var groups: [[BenchmarkRow]] {
    rows.reduce(into: []) { groups, row in
      if groups.last?.last?.work == row.work {
        groups[groups.count - 1].append(row)
      } else {
        groups.append([row])
      }
    }
  }

  private func cells(_ row: BenchmarkRow) -> [String] {
    [
      row.name,
      "\(row.visualTokens) → \(row.visualTokensAfterVision) → \(row.visualTokensLeft)",
      DecimalText.number(row.visionSeconds, 2), DecimalText.number(row.prefillSeconds, 2),
      DecimalText.number(row.secondsToFirstToken, 2),
      row.secondsPerToken > 0 ? DecimalText.number(row.secondsPerToken, 3) : "–",
      mebibytes(row.peakBytes), mebibytes(row.predictedBytes),
    ]
  }

  private func ratios(_ row: BenchmarkRow, to first: BenchmarkRow) -> [String] {
    [
      "\(row.name) : \(first.name)",
      DecimalText.number(Double(row.visualTokensLeft) / Double(max(1, first.visualTokensLeft)), 2),
      ratio(first.visionSeconds, row.visionSeconds),
      ratio(first.prefillSeconds, row.prefillSeconds),
      ratio(first.secondsToFirstToken, row.secondsToFirstToken),
      ratio(first.secondsPerToken, row.secondsPerToken),
      DecimalText.number(Double(row.peakBytes) / Double(max(1, first.peakBytes)), 2),
      DecimalText.number(Double(row.predictedBytes) / Double(max(1, first.predictedBytes)), 2),
    ]
  }

  /// The notes that are not about a single row.
  private var notes: [String] {
    var notes: [String] = []
    if let row = rows.first(where: { $0.readShare != nil }), let share = row.readShare {
      notes.append(
        "a token (\(row.name)) reads \(mebibytes(row.bytesPerToken)) MiB of weights and cache: "
          + "\(DecimalText.number(share * row.readBandwidth, 1)) GB/s, \(DecimalText.number(share * 100, 0)) % of the "
          + "\(DecimalText.number(row.readBandwidth, 1)) GB/s at which memory was read right before and after"
      )
    }
    if let agreement {
      notes.append(
        "against f32 weights over \(agreement.positions) positions: the same first choice in "
          + "\(DecimalText.number(agreement.sameFirst * 100, 1)) %, logits off by "
          + "\(DecimalText.number(agreement.relativeError * 100, 2)) % of their size")
    }
    return notes
  }

  /// The speedup, as `1.64×`.
  private func ratio(_ before: Double, _ after: Double) -> String {
    after > 0 ? DecimalText.number(before / after, 2) + "×" : "–"
  }

  private func mebibytes(_ bytes: Int) -> String { "\((bytes + (1 << 19)) >> 20)" }
}
