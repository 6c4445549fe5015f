import Compute
import Diagnostics
import Foundation
import Testing

@Suite("Layers")
struct LayerTests {
  /// Keeps the bytes of a test's weights alive.
  final class Bytes {
    let pointer: UnsafeMutableRawPointer
    init(_ count: Int) { pointer = .allocate(byteCount: max(1, count), alignment: 64) }
    deinit { pointer.deallocate() }
  }

  private func weights(_ values: [Float], _ shape: [Int], _ type: ElementType) -> WeightStorage {
    let bytes = Bytes(values.count * type.size)
    type.narrow(values, to: bytes.pointer, count: values.count)
    return WeightStorage(
      shape: shape, elementType: type, base: UnsafeRawPointer(bytes.pointer), owner: bytes)
  }

  private func matrix(_ values: [Float], rows: Int) throws -> Matrix {
    let matrix = try Matrix(rows: rows, columns: values.count / rows)
    matrix.base.update(from: values, count: values.count)
    return matrix
  }

  @Test(
    "a linear layer is x Wᵀ + b for one row and for many, in every stored type",
    arguments: [1, 2, 3, 70], ElementType.allCases)
  func linear(_ rows: Int, _ type: ElementType) throws {
    // More outputs than one panel has, and not a multiple of any block size.
    let (inputs, outputs) = (37, 611)
    // Inputs that bf16 holds exactly, because some paths round them to bf16.
    let x = try matrix(numbers(rows * inputs).map { ($0 * 32).rounded() / 32 }, rows: rows)
    let weight = weights(numbers(outputs * inputs, seed: 2, spread: 1), [outputs, inputs], type)
    let bias = numbers(outputs, seed: 3)
    let y = try Matrix(rows: rows, columns: outputs)
    let threads = ThreadTeam(count: 2)
    let layer = Linear(weight: weight, bias: bias)
    try layer.apply(x.view, to: y.view, threads: threads)
    let exact = weight.floats
    func expected(_ row: Int, _ output: Int) -> Double {
      (0..<inputs).reduce(Double(bias[output])) {
        $0 + Double(x.view.row(row)[$1]) * Double(exact[output * inputs + $1])
      }
    }
    for row in 0..<rows {
      for output in 0..<outputs {
        #expect(abs(Double(y.view.row(row)[output]) - expected(row, output)) < 1e-4)
      }
    }
    try layer.apply(x.view, to: y.view, accumulate: true, threads: threads)
    #expect(abs(Double(y.view.row(rows - 1)[600]) - 2 * expected(rows - 1, 600)) < 2e-4)
  }

  /// Attention by its definition, in double precision: outputs and all three scores.
  private func reference(
    q: [Float], k: [Float], v: [Float], rows: Int, heads: Int, shared: Int, size: Int, causal: Bool
  ) -> (output: [Double], received: [Double], logSumExp: [Double], last: [Double], seven: [Double])
  {
    var output = [Double](repeating: 0, count: rows * heads * size)
    var received = [Double](repeating: 0, count: rows)
    var (logSumExp, last, seven) = (received, received, received)
    for head in 0..<heads {
      let group = head * shared / heads
      for query in 0..<rows {
        let seen = causal ? query + 1 : rows
        let logits = (0..<seen).map { key in
          (0..<size).reduce(0.0) {
            $0 + Double(q[(query * heads + head) * size + $1])
              * Double(k[(key * shared + group) * size + $1])
          } / Double(size).squareRoot()
        }
        let top = logits.max() ?? 0
        let sum = logits.reduce(0) { $0 + exp($1 - top) }
        logSumExp[query] += (top + log(sum)) / Double(heads)
        for key in 0..<seen {
          let p = exp(logits[key] - top) / sum
          received[key] += p / Double(heads * rows)
          if query == rows - 1 { last[key] += p / Double(heads) }
          if query >= rows - 7 { seven[key] += p / Double(heads * min(7, rows)) }
          for i in 0..<size {
            output[(query * heads + head) * size + i] +=
              p * Double(v[(key * shared + group) * size + i])
          }
        }
      }
    }
    return (output, received, logSumExp, last, seven)
  }

  @Test(
    "attention and its scores follow their definition, over several blocks of queries",
    arguments: [false, true], [1, 40, 300])
  func attention(_ causal: Bool, _ rows: Int) throws {
    let (heads, shared, size) = (4, 2, 12)
    let q = numbers(rows * heads * size)
    let k = numbers(rows * shared * size, seed: 2)
    let v = numbers(rows * shared * size, seed: 3)
    let expected = reference(
      q: q, k: k, v: v, rows: rows, heads: heads, shared: shared, size: size, causal: causal)
    let attention = Attention(
      heads: heads, keyValueHeads: shared, headSize: size, causal: causal)
    let threads = ThreadTeam(count: 2)
    let (mq, mk) = (try matrix(q, rows: rows), try matrix(k, rows: rows))
    let mv = try matrix(v, rows: rows)
    let output = try Matrix(rows: rows, columns: heads * size)
    for (score, wanted) in [
      (Attention.Score.received, expected.received), (.logSumExp, expected.logSumExp),
      (.lastQueries(1), expected.last), (.lastQueries(7), expected.seven),
    ] {
      let scores = try attention.apply(
        queries: mq.view, keys: mk.view, values: mv.view, output: output.view, score: score,
        threads: threads)
      #expect(scores.count == rows)
      for (a, b) in zip(scores, wanted) { #expect(abs(Double(a) - b) < 1e-5, "\(score)") }
    }
    for (a, b) in zip(output.elements, expected.output) { #expect(abs(Double(a) - b) < 1e-5) }
  }

  @Test(
    "decoding from the cache gives the last row of the whole attention",
    arguments: [
      (ElementType.f32, 1e-5), (.bf16, 2e-2),
    ])
  func decode(_ type: ElementType, _ tolerance: Double) throws {
    let (rows, heads, shared, size) = (25, 4, 2, 24)
    let q = numbers(rows * heads * size, spread: 1)
    let k = numbers(rows * shared * size, seed: 2, spread: 1)
    let v = numbers(rows * shared * size, seed: 3, spread: 1)
    let expected = reference(
      q: q, k: k, v: v, rows: rows, heads: heads, shared: shared, size: size, causal: true)
    let cache = try LayerCache(capacity: rows, heads: shared, headSize: size, elementType: type)
    let (mk, mv) = (try matrix(k, rows: rows), try matrix(v, rows: rows))
    try cache.append(keys: mk[rows: 0..<20], values: mv[rows: 0..<20])
    try cache.append(keys: mk[rows: 20..<rows], values: mv[rows: 20..<rows])
    var output = [Float](repeating: 0, count: heads * size)
    try Attention(heads: heads, keyValueHeads: shared, headSize: size, causal: true).decode(
      query: Array(q.suffix(heads * size)), cache: cache, output: &output,
      threads: ThreadTeam(count: 2))
    for (a, b) in zip(output, expected.output.suffix(heads * size)) {
      #expect(abs(Double(a) - b) < tolerance)
    }
    #expect(throws: Failure.self) {
      try cache.append(keys: mk[rows: 0..<1], values: mv[rows: 0..<1])
    }
  }

  @Test(
    "a key biased by the logarithm of three counts as three equal keys, and for the decoding as well",
    arguments: [false, true])
  func keyBias(_ causal: Bool) throws {
    let (rows, size) = (150, 16)
    let plain = (1...3).map { numbers(rows * size, seed: UInt64($0), spread: 1) }
    // The first row three times over.
    let repeated = plain.map { Array($0[..<size]) + Array($0[..<size]) + $0 }
    let (few, many) = (
      try plain.map { try matrix($0, rows: rows) },
      try repeated.map { try matrix($0, rows: rows + 2) }
    )
    let outputs = try [rows, rows + 2].map { try Matrix(rows: $0, columns: size) }
    let attention = Attention(heads: 1, keyValueHeads: 1, headSize: size, causal: causal)
    let threads = ThreadTeam(count: 2)
    let bias = [logf(3)] + [Float](repeating: 0, count: rows - 1)
    let scores = try attention.apply(
      queries: few[0].view, keys: few[1].view, values: few[2].view, output: outputs[0].view,
      keyBias: bias, score: .lastQueries(1), threads: threads)
    let repeatedScores = try attention.apply(
      queries: many[0].view, keys: many[1].view, values: many[2].view, output: outputs[1].view,
      score: .lastQueries(1), threads: threads)
    for (a, b) in zip(outputs[0].elements.dropFirst(size), outputs[1].elements.dropFirst(3 * size))
    {
      #expect(abs(a - b) < 1e-5)
    }
    #expect(abs(scores[0] - repeatedScores[..<3].reduce(0, +)) < 1e-5)
    #expect(throws: Failure.self) {
      try attention.apply(
        queries: few[0].view, keys: few[1].view, values: few[2].view, output: outputs[0].view,
        keyBias: [1], threads: threads)
    }
    // All but the last row belong to the prompt; the last one is decoded.
    var decoded: [[Float]] = []
    for (parts, bias) in [(few, Array(bias.dropLast())), (many, [])] {
      let count = parts[0].rows
      let cache = try LayerCache(capacity: count, heads: 1, headSize: size, elementType: .f32)
      let prompt = 0..<count - 1
      try cache.append(keys: parts[1][rows: prompt], values: parts[2][rows: prompt], keyBias: bias)
      try cache.append(
        keys: parts[1][rows: count - 1..<count], values: parts[2][rows: count - 1..<count])
      var output = [Float](repeating: 0, count: size)
      try attention.decode(
        query: parts[0].view.row(count - 1), cache: cache, output: &output, threads: threads)
      decoded.append(output)
    }
    for (a, b) in zip(decoded[0], decoded[1]) { #expect(abs(a - b) < 1e-5) }
  }

  @Test("sizes that overflow are refused, not allocated")
  func overflow() {
    for (rows, columns) in [(Int.max, 2), (1 << 40, 1 << 40), (-1, 4)] {
      #expect(throws: Failure.self) { try Matrix(rows: rows, columns: columns) }
    }
  }

  @Test("every task runs exactly once, whatever the number of threads", arguments: [1, 2, 7])
  func tasks(_ count: Int) {
    let team = ThreadTeam(count: count)
    let hits = UnsafeMutableBufferPointer<Int32>.allocate(capacity: 1000)
    defer { hits.deallocate() }
    hits.initialize(repeating: 0)
    nonisolated(unsafe) let shared = hits
    team.forEach(1000) { task, thread in
      shared[task] += 1
      if thread >= count { shared[task] += 100 }
    }
    #expect(hits.allSatisfy { $0 == 1 })
  }
}
