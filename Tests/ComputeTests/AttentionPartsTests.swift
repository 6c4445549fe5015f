import Compute
import Diagnostics
import Testing

// In the suite of the kernels, so that no other test switches the path meanwhile.
extension KernelPathTests {
  @Suite("Attention within parts")
  struct AttentionPartsTests {
    private let heads = 3
    private let size = 12
    private let threads = ThreadTeam(count: 2)
    /// 150 rows in parts of many sizes, none of them contiguous.
    private let parts = [
      Array(stride(from: 0, to: 150, by: 2)), [1], Array(stride(from: 149, to: 100, by: -2)),
      Array(stride(from: 3, through: 99, by: 2)),
    ]

    private func matrix(seed: UInt64) throws -> Matrix {
      let matrix = try Matrix(rows: 150, columns: heads * size)
      matrix.base.update(from: numbers(150 * heads * size, seed: seed), count: 150 * heads * size)
      return matrix
    }

    /// The rows of a part, side by side.
    private func gathered(_ matrix: Matrix, _ rows: [Int]) throws -> Matrix {
      let part = try Matrix(rows: rows.count, columns: matrix.columns)
      for (index, row) in rows.enumerated() {
        part.view.row(index).update(from: matrix.view.row(row), count: matrix.columns)
      }
      return part
    }

    @Test(
      "gives each part what it gets by itself, on every path, rounded or not",
      arguments: [false, true], [false, true])
    func apart(_ mayRound: Bool, _ isBiased: Bool) throws {
      let best = ProcessorInformation.kernels
      defer { ProcessorInformation.selectKernels(best) }
      let (q, k, v) = (try matrix(seed: 1), try matrix(seed: 2), try matrix(seed: 3))
      let bias = isBiased ? numbers(150, seed: 4, spread: 1) : []
      var attention = Attention(heads: heads, keyValueHeads: heads, headSize: size, causal: false)
      attention.mayRound = mayRound
      for path in ["portable", "avx2", "avx512", "avx512bf16", "plainbf16"]
      where ProcessorInformation.selectKernels(path) {
        for score in [Attention.Score.received, .receivedSum, .logSumExp] {
          let output = try Matrix(rows: 150, columns: heads * size)
          let scores = try attention.apply(
            queries: q.view, keys: k.view, values: v.view, output: output.view, keyBias: bias,
            parts: AttentionParts(parts), score: score, threads: threads)
          for rows in parts {
            let alone = try Matrix(rows: rows.count, columns: heads * size)
            let expected = try attention.apply(
              queries: try gathered(q, rows).view, keys: try gathered(k, rows).view,
              values: try gathered(v, rows).view, output: alone.view,
              keyBias: bias.isEmpty ? [] : rows.map { bias[$0] }, score: score, threads: threads)
            #expect(try gathered(output, rows).elements == alone.elements, "\(path)")
            // The mean is over all rows, of which a part has only some.
            let share: Float =
              if case .received = score { Float(rows.count) / 150 } else { 1 }
            for (row, value) in zip(rows, expected) {
              #expect(abs(scores[row] - value * share) < 1e-6, "\(path), \(score)")
            }
          }
        }
      }
    }

    @Test("the attention received, added up, is 1 on the average in a part of any size")
    func sums() throws {
      let (q, k, v) = (try matrix(seed: 1), try matrix(seed: 2), try matrix(seed: 3))
      let output = try Matrix(rows: 150, columns: heads * size)
      let scores = try Attention(
        heads: heads, keyValueHeads: heads, headSize: size, causal: false
      ).apply(
        queries: q.view, keys: k.view, values: v.view, output: output.view,
        parts: AttentionParts(parts), score: .receivedSum, threads: threads)
      for rows in parts {
        let sum = rows.reduce(0) { $0 + Double(scores[$1]) }
        #expect(abs(sum / Double(rows.count) - 1) < 1e-5)
      }
      // A row that is alone attends to itself.
      #expect(abs(scores[1] - 1) < 1e-6)
    }

    @Test(
      "parts that lack a row, have one twice or one too many are refused",
      arguments: [
        [[0, 1, 2]], [[0, 1], [1, 2, 3]], [[0, 1], [2, 3, 4]], [[0, 1, -1, 3]], [],
      ])
    func refused(_ parts: [[Int]]) throws {
      let matrix = try Matrix(rows: 4, columns: heads * size)
      let failure = #expect(throws: Failure.self) {
        try Attention(heads: heads, keyValueHeads: heads, headSize: size, causal: false).apply(
          queries: matrix.view, keys: matrix.view, values: matrix.view, output: matrix.view,
          parts: AttentionParts(parts), threads: threads)
      }
      #expect(failure?.code == .computeParts)
    }
  }
}
