import Compute
import Testing

// In the suite of the kernels, so that no other test switches the path meanwhile.
extension KernelPathTests {
  @Suite("Attention over pairs of bf16")
  struct AttentionRoundingTests {
    private let heads = 2

    /// Outputs and scores over `[rows, 3 · heads · size]` of queries, keys and values.
    private func attend(
      _ values: [Float], rows: Int, size: Int, causal: Bool, score: Attention.Score, mayRound: Bool
    ) throws -> (output: [Float], scores: [Float]) {
      let input = try Matrix(rows: rows, columns: 3 * heads * size)
      input.base.update(from: values, count: values.count)
      let part = heads * size
      var attention = Attention(heads: heads, keyValueHeads: heads, headSize: size, causal: causal)
      attention.mayRound = mayRound
      let output = try Matrix(rows: rows, columns: part)
      let scores = try attention.apply(
        queries: input.view[columns: 0..<part], keys: input.view[columns: part..<2 * part],
        values: input.view[columns: 2 * part..<3 * part], output: output.view, score: score,
        threads: ThreadTeam(count: 2))
      return (output.elements, scores)
    }

    @Test(
      "gives what rounded rows give, and exact scores of them, where it is allowed",
      arguments: [1, 7, 64, 131], [13, 16, 72])
    func rounding(_ rows: Int, _ size: Int) throws {
      let best = ProcessorInformation.kernels
      defer { ProcessorInformation.selectKernels(best) }
      #expect(ProcessorInformation.selectKernels("plainbf16"))
      let values = numbers(rows * 3 * heads * size, spread: 1)
      for causal in [false, true] {
        for score in [Attention.Score.received, .logSumExp, .lastQueries(1)] {
          func attend(_ values: [Float], mayRound: Bool) throws -> ([Float], [Float]) {
            try self.attend(
              values, rows: rows, size: size, causal: causal, score: score, mayRound: mayRound)
          }
          let pairs = try attend(values, mayRound: true)
          let exact = try attend(rounded(values), mayRound: false)
          let plain = try attend(values, mayRound: false)
          for (a, b) in zip(pairs.1, exact.1) { #expect(abs(a - b) < 1e-5, "\(score)") }
          // The remaining difference comes from the exponentials: half a step of 2⁻⁸ each.
          for (a, b) in zip(pairs.0, exact.0) { #expect(abs(a - b) < 2e-3) }
          #expect(pairs.0 != plain.0)
          // Rounding twice gives the same as rounding once.
          #expect(pairs.0 == (try attend(rounded(values), mayRound: true).0))
        }
      }
    }

    @Test("is f32 on paths that multiply no pairs, whatever is allowed")
    func elsewhere() throws {
      let best = ProcessorInformation.kernels
      defer { ProcessorInformation.selectKernels(best) }
      #expect(ProcessorInformation.selectKernels("portable"))
      let values = numbers(40 * 3 * heads * 16, spread: 1)
      let results = try [false, true].map { mayRound in
        try attend(
          values, rows: 40, size: 16, causal: true, score: .received, mayRound: mayRound
        ).output
      }
      #expect(results[0] == results[1])
    }
  }
}
