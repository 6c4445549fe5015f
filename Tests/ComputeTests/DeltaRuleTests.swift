import CKernels
import Compute
import Foundation
import Testing

// In the suite of the kernels, so that no other test switches the path meanwhile.
extension KernelPathTests {
  @Suite("Gated delta rule")
  struct DeltaRuleTests {
    /// Sizes that are whole vectors, and sizes that are not.
    static let rules = [
      DeltaRule(keyHeads: 2, valueHeads: 4, keySize: 16, valueSize: 32, taps: 4),
      DeltaRule(keyHeads: 1, valueHeads: 3, keySize: 10, valueSize: 21, taps: 3),
      DeltaRule(keyHeads: 1, valueHeads: 1, keySize: 1, valueSize: 1, taps: 1),
    ]

    private let threads = ThreadTeam(count: 1)

    private func matrix(_ rows: Int, _ columns: Int, _ values: [Float]) throws -> Matrix {
      let matrix = try Matrix(rows: rows, columns: columns)
      matrix.base.update(from: values, count: values.count)
      return matrix
    }

    /// Decays of all speeds, from none to at once.
    private func decays(_ count: Int) -> [Float] {
      numbers(count, seed: 11, spread: 1).enumerated().map { index, value in
        index % 41 == 7 ? -200 : -abs(value) * powf(10, Float(index % 5) - 4)
      }
    }

    private func input(_ rule: DeltaRule, _ rows: Int) -> [Float] {
      numbers(rows * rule.channels, seed: 5, spread: 1)
    }

    private func rates(_ count: Int) -> [Float] {
      numbers(count, seed: 12, spread: 1).map { ($0 + 1) / 2 }
    }

    /// The inputs of some rows.
    private struct Given {
      let x: [Float]
      let decay: [Float]
      let rate: [Float]
    }

    private func given(_ rule: DeltaRule, rows: Int) -> Given {
      let gates = rows * rule.valueHeads
      return Given(x: input(rule, rows), decay: decays(gates), rate: rates(gates))
    }

    /// The outputs and the state after some rows that are read `part` rows at a time.
    private func run(
      _ rule: DeltaRule, rows: Int, part: Int, _ known: Given? = nil
    ) throws -> (output: [Float], memory: [Float]) {
      let given = known ?? given(rule, rows: rows)
      let x = try matrix(rows, rule.channels, given.x)
      let decay = try matrix(rows, rule.valueHeads, given.decay)
      let rate = try matrix(rows, rule.valueHeads, given.rate)
      let state = try DeltaState(rule)
      for first in stride(from: 0, to: rows, by: part) {
        let run = first..<min(rows, first + part)
        try rule.apply(
          x[rows: run], decay: decay[rows: run], rate: rate[rows: run], state: state,
          threads: threads)
      }
      #expect(state.count == rows)
      var output: [Float] = []
      for row in 0..<rows {
        output += UnsafeBufferPointer(
          start: x.view.row(row) + 2 * rule.keyColumns, count: rule.valueColumns)
      }
      return (output, state.memory.elements)
    }

    /// The rule as it is written, in double precision.
    private func naive(_ rule: DeltaRule, rows: Int) -> [Double] {
      let x = input(rule, rows).map(Double.init)
      let (decay, rate) = (decays(rows * rule.valueHeads), rates(rows * rule.valueHeads))
      var output = [Double](repeating: 0, count: rows * rule.valueColumns)
      for head in 0..<rule.valueHeads {
        let shared = head / (rule.valueHeads / rule.keyHeads) * rule.keySize
        var memory = [[Double]](
          repeating: Array(repeating: 0, count: rule.valueSize), count: rule.keySize)
        for row in 0..<rows {
          let first = row * rule.channels
          func part(_ start: Int, _ count: Int) -> [Double] {
            Array(x[first + start..<first + start + count])
          }
          func unit(_ values: [Double]) -> [Double] {
            let length = (values.reduce(0) { $0 + $1 * $1 } + 1e-6).squareRoot()
            return values.map { $0 / length }
          }
          let q = unit(part(shared, rule.keySize)).map { $0 / Double(rule.keySize).squareRoot() }
          let k = unit(part(rule.keyColumns + shared, rule.keySize))
          let v = part(2 * rule.keyColumns + head * rule.valueSize, rule.valueSize)
          let gate = row * rule.valueHeads + head
          let fading = exp(Double(decay[gate]))
          for column in 0..<rule.valueSize {
            for i in 0..<rule.keySize { memory[i][column] *= fading }
            let held = (0..<rule.keySize).reduce(0) { $0 + memory[$1][column] * k[$1] }
            let change = Double(rate[gate]) * (v[column] - held)
            for i in 0..<rule.keySize { memory[i][column] += k[i] * change }
            output[row * rule.valueColumns + head * rule.valueSize + column] =
              (0..<rule.keySize).reduce(0) { $0 + memory[$1][column] * q[$1] }
          }
        }
      }
      return output
    }

    private func distance(_ a: [Float], _ b: [Float]) -> Float {
      a.count == b.count ? zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
    }

    @Test("follows its formula on every path, in chunks and row by row", arguments: rules)
    func formula(_ rule: DeltaRule) throws {
      let rows = 150
      let expected = naive(rule, rows: rows).map { Float($0) }
      for part in [1, rows] {
        for (path, result) in try onEveryPath({ try run(rule, rows: rows, part: part) }) {
          #expect(distance(result.output, expected) <= 2e-6, "\(path), \(part) rows at a time")
        }
      }
    }

    @Test("gives the same in chunks of any size as row by row, over 4,096 rows, on every path")
    func chunks() throws {
      let rows = 4096
      for var rule in Self.rules.prefix(2) {
        let given = given(rule, rows: rows)
        let alone = try run(rule, rows: rows, part: 1, given)
        func compare(_ chunk: Int, _ path: String) throws {
          rule.chunk = chunk
          let together = try run(rule, rows: rows, part: rows, given)
          #expect(distance(together.output, alone.output) <= 1e-5, "\(path), chunks of \(chunk)")
          #expect(distance(together.memory, alone.memory) <= 1e-5, "\(path), chunks of \(chunk)")
        }
        for chunk in 1...DeltaRule.maxChunk { try compare(chunk, "the best path") }
        _ = try onEveryPath { try compare(64, ProcessorInformation.kernels) }
      }
    }

    @Test("a prompt read in parts leaves the same state as one read at once", arguments: rules)
    func parts(_ rule: DeltaRule) throws {
      let whole = try run(rule, rows: 100, part: 100)
      for part in [3, 37, 64] {
        let split = try run(rule, rows: 100, part: part)
        #expect(distance(split.output, whole.output) <= 1e-6)
        #expect(distance(split.memory, whole.memory) <= 1e-6)
      }
    }

    @Test("the columns beyond a value's size stay zero")
    func padding() throws {
      let rule = Self.rules[1]
      let memory = try run(rule, rows: 70, part: 70).memory
      #expect(rule.width == 32)
      for row in 0..<memory.count / rule.width {
        #expect(
          memory[row * rule.width + rule.valueSize..<(row + 1) * rule.width].allSatisfy { $0 == 0 })
      }
    }

    @Test(
      "the convolution follows its formula on every path, at once and in parts", arguments: rules)
    func convolution(_ rule: DeltaRule) throws {
      let rows = 40
      let values = input(rule, rows)
      let weights = numbers(rule.taps * rule.channels, seed: 9, spread: 1)
      let expected = (0..<rows * rule.channels).map { index -> Float in
        let (row, channel) = index.quotientAndRemainder(dividingBy: rule.channels)
        var sum = 0.0
        for tap in 0..<rule.taps where row + tap - rule.taps + 1 >= 0 {
          sum +=
            Double(weights[tap * rule.channels + channel])
            * Double(values[(row + tap - rule.taps + 1) * rule.channels + channel])
        }
        return Float(sum / (1 + exp(-sum)))
      }
      for part in [1, 2, rows] {
        for (path, result) in try onEveryPath({ () -> [Float] in
          let x = try matrix(rows, rule.channels, values)
          let state = try DeltaState(rule)
          for first in stride(from: 0, to: rows, by: part) {
            rule.convolve(
              x[rows: first..<min(rows, first + part)], weights: weights, state: state,
              threads: threads)
          }
          let last = (rows - rule.taps + 1) * rule.channels
          #expect(state.inputs.elements == Array(values[last...]))
          return x.elements
        }) {
          #expect(distance(result, expected) <= 2e-6, "\(path), \(part) rows at a time")
        }
      }
    }

    @Test(
      "gates and the gated norm follow their formulas on every path", arguments: [1, 16, 21, 128])
    func gates(_ count: Int) {
      let x = numbers(count, spread: 2)
      let gate = numbers(count, seed: 2, spread: 8)
      let weight = numbers(count, seed: 3)
      func sigmoid(_ value: Float) -> Double { 1 / (1 + exp(-Double(value))) }
      let square = x.reduce(0) { $0 + Double($1) * Double($1) } / Double(count)
      let normed = x.indices.map {
        Float(
          Double(x[$0]) / (square + 1e-6).squareRoot() * Double(weight[$0]) * Double(gate[$0])
            * sigmoid(gate[$0]))
      }
      let gated = x.indices.map { Float(Double(x[$0]) * sigmoid(gate[$0])) }
      for (path, result) in onEveryPath({ () -> [[Float]] in
        var (a, b) = (x, x)
        illava_gated_norm(&a, gate, weight, count, 1e-6)
        illava_sigmoid_multiply(&b, gate, count)
        return [a, b]
      }) {
        for (value, wanted) in zip(result[0] + result[1], normed + gated) {
          #expect(abs(value - wanted) <= 4e-6 * max(1, abs(wanted)), "\(path)")
        }
      }
      var (a, b) = (numbers(count, seed: 4, spread: 40), gate)
      let (given, bias) = (a, numbers(count, seed: 6, spread: 1))
      let rate = numbers(count, seed: 7, spread: 2).map { abs($0) }
      illava_delta_gates(&a, &b, rate, bias, count)
      for index in 0..<count {
        let decay = -Double(rate[index]) * log1p(exp(Double(given[index] + bias[index])))
        #expect(abs(Double(a[index]) - decay) <= 1e-6 * max(1, abs(decay)))
        #expect(abs(Double(b[index]) - sigmoid(gate[index])) <= 1e-6)
      }
    }
  }
}
