import Engine

@preconcurrency import Glibc

/// A benchmark's results with what they were measured on, as a table and as JSON.
public struct BenchmarkReport: Sendable, Codable {
  /// The model's folder or the file its shape comes from.
  public let model: String
  /// How weights were held.
  public let weights: String
  /// Bytes of all weights.
  public let weightBytes: Int
  /// Threads that computed.
  public let threads: Int
  /// The kernel path.
  public let kernels: String
  /// The core type OpenBLAS chose its code for.
  public let openBLASCore: String
  /// GFLOP/s of a 256 × 2,048 × 6,144 product over weights as they were held (bf16 for f32).
  public let productGFLOPS: Double
  /// One row per variant; the first is the one the others are compared with.
  public let rows: [BenchmarkRow]

  private enum CodingKeys: String, CodingKey {
    case model, weights, threads, kernels, rows
    case weightBytes = "weight_bytes"
    case openBLASCore = "openblas_core"
    case productGFLOPS = "product_gflops"
  }

  /// A report from its parts.
  public init(
    model: String, weights: String, weightBytes: Int, threads: Int, kernels: String,
    openBLASCore: String, productGFLOPS: Double, rows: [BenchmarkRow]
  ) {
    self.model = model
    self.weights = weights
    self.weightBytes = weightBytes
    self.threads = threads
    self.kernels = kernels
    self.openBLASCore = openBLASCore
    self.productGFLOPS = productGFLOPS
    self.rows = rows
  }

  /// The rows as a table for a terminal, with ratios to the first row.
  public var table: String {
    var lines = [
      "\(model): \(mebibytes(weightBytes)) MiB of weights (\(weights)), \(threads) threads, "
        + "\(kernels) kernels, OpenBLAS \(openBLASCore), products \(decimal(productGFLOPS, 0)) GFLOP/s",
      "",
    ]
    let header = [
      "merging", "visual tokens", "ViT s", "prefill s", "first token s", "s/token", "peak MiB",
      "predicted",
    ]
    var cells = [header]
    for row in rows {
      cells.append([
        row.name,
        "\(row.visualTokens) → \(row.visualTokensAfterVision) → \(row.visualTokensLeft)",
        decimal(row.visionSeconds, 2), decimal(row.prefillSeconds, 2),
        decimal(row.secondsToFirstToken, 2), decimal(row.secondsPerToken, 3),
        mebibytes(row.peakBytes), mebibytes(row.predictedBytes),
      ])
    }
    if let first = rows.first {
      for row in rows.dropFirst() {
        cells.append([
          "\(row.name) : \(first.name)",
          decimal(Double(row.visualTokensLeft) / Double(max(1, first.visualTokensLeft)), 2),
          ratio(first.visionSeconds, row.visionSeconds),
          ratio(first.prefillSeconds, row.prefillSeconds),
          ratio(first.secondsToFirstToken, row.secondsToFirstToken),
          ratio(first.secondsPerToken, row.secondsPerToken),
          decimal(Double(row.peakBytes) / Double(max(1, first.peakBytes)), 2),
          decimal(Double(row.predictedBytes) / Double(max(1, first.predictedBytes)), 2),
        ])
      }
    }
    let widths = header.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    for row in cells {
      let padded = row.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - text.count)
        return column == 0 ? text + space : space + text
      }
      lines.append(padded.joined(separator: "  "))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// How many times faster, as `1.64×`.
  private func ratio(_ before: Double, _ after: Double) -> String {
    after > 0 ? decimal(before / after, 2) + "×" : "–"
  }

  private func mebibytes(_ bytes: Int) -> String { "\((bytes + (1 << 19)) >> 20)" }

  private func decimal(_ value: Double, _ places: Int) -> String {
    var buffer = [CChar](repeating: 0, count: 64)
    let length = withVaList([Int32(places), value]) { vsnprintf(&buffer, buffer.count, "%.*f", $0) }
    let text = buffer.prefix(max(0, Int(length))).map(UInt8.init(bitPattern:))
    return String(decoding: text, as: UTF8.self)
  }
}
