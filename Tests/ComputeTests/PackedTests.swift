import CKernels
import Compute
import Diagnostics
import Foundation
import Testing

// In the suite of the kernels, so that no other test switches the path meanwhile.
extension KernelPathTests {
  @Suite("8-bit layers")
  struct PackedTests {
    /// Keeps the numbers of a test's weights alive.
    private final class Numbers {
      let pointer: UnsafeMutablePointer<Float>
      init(_ values: [Float]) {
        pointer = .allocate(capacity: max(1, values.count))
        pointer.initialize(from: values, count: values.count)
      }
      deinit { pointer.deallocate() }
    }

    private let threads = ThreadTeam(count: 2)

    private func packed(_ values: [Float], _ shape: [Int]) throws -> PackedWeights {
      let owner = Numbers(values)
      return try PackedWeights(
        packing: WeightStorage(
          shape: shape, elementType: .f32, base: UnsafeRawPointer(owner.pointer), owner: owner),
        in: PackedArena(), threads: threads)
    }

    private func matrix(_ values: [Float], rows: Int) throws -> Matrix {
      let matrix = try Matrix(rows: rows, columns: values.count / rows)
      matrix.base.update(from: values, count: values.count)
      return matrix
    }

    private func apply(
      _ weights: PackedWeights, bias: [Float]? = nil, _ x: MatrixView, threads: ThreadTeam? = nil
    ) throws -> [Float] {
      let y = try Matrix(rows: x.rows, columns: weights.outputs)
      try Linear(weights: .packed(weights), bias: bias)
        .apply(x, to: y.view, threads: threads ?? self.threads)
      return y.elements
    }

    /// `‖y − x Wᵀ‖ / ‖x Wᵀ‖` with the product in double precision.
    private func relativeError(_ y: [Float], _ x: [Float], _ w: [Float], inputs: Int) -> Double {
      let (rows, outputs) = (x.count / inputs, w.count / inputs)
      var (error, size) = (0.0, 0.0)
      for row in 0..<rows {
        for output in 0..<outputs {
          var exact = 0.0
          for k in 0..<inputs {
            exact += Double(x[row * inputs + k]) * Double(w[output * inputs + k])
          }
          let difference = Double(y[row * outputs + output]) - exact
          error += difference * difference
          size += exact * exact
        }
      }
      return (error / size).squareRoot()
    }

    @Test(
      "products are within 1 % of double precision, whatever the extents",
      arguments: [(1, 64, 32), (2, 37, 45), (6, 31, 33), (7, 512, 96), (101, 544, 70)])
    func accuracy(_ rows: Int, _ inputs: Int, _ outputs: Int) throws {
      let (x, w) = (numbers(rows * inputs), numbers(outputs * inputs, seed: 2))
      let y = try apply(try packed(w, [outputs, inputs]), try matrix(x, rows: rows).view)
      #expect(relativeError(y, x, w, inputs: inputs) < 0.01)
    }

    @Test("an outlier spoils its own group only")
    func outliers() throws {
      let (rows, inputs, outputs) = (5, 512, 64)
      var x = numbers(rows * inputs)
      var w = numbers(outputs * inputs, seed: 2)
      for row in 0..<rows {
        for column in [3, 200, 511] { x[row * inputs + column] = row % 2 == 0 ? 4000 : -900 }
      }
      for output in 0..<outputs { w[output * inputs + 70] = 50 }
      let all = try apply(try packed(w, [outputs, inputs]), try matrix(x, rows: rows).view)
      #expect(relativeError(all, x, w, inputs: inputs) < 0.01)
      // Apart from the outliers' own error, the rest is as exact as without outliers.
      for output in 0..<outputs {
        for column in 0..<inputs where [0, 6, 15].contains(column / 32) {
          w[output * inputs + column] = 0
        }
      }
      let rest = try apply(try packed(w, [outputs, inputs]), try matrix(x, rows: rows).view)
      #expect(relativeError(rest, x, w, inputs: inputs) < 0.01)
    }

    @Test("a row gives the same alone and among others, on any number of threads")
    func independence() throws {
      let (rows, inputs, outputs) = (523, 96, 77)
      let x = try matrix(numbers(rows * inputs), rows: rows)
      let weights = try packed(numbers(outputs * inputs, seed: 2), [outputs, inputs])
      let bias = numbers(outputs, seed: 3)
      let all = try apply(weights, bias: bias, x.view)
      #expect(all == (try apply(weights, bias: bias, x.view, threads: ThreadTeam(count: 5))))
      for row in [0, 5, 6, 95, 96, 515, 516, 522] {
        let alone = try apply(weights, bias: bias, x[rows: row..<row + 1])
        #expect(alone == Array(all[row * outputs..<(row + 1) * outputs]), "row \(row)")
      }
    }

    @Test("several layers over the same rows give what each gives alone", arguments: [1, 6, 520])
    func severalLayers(_ rows: Int) throws {
      let inputs = 70
      let x = try matrix(numbers(rows * inputs), rows: rows)
      let layers = try [45, 1, 96].enumerated().map { index, outputs in
        Linear(
          weights: .packed(
            try packed(numbers(outputs * inputs, seed: UInt64(index)), [outputs, inputs])),
          bias: index == 1 ? nil : numbers(outputs, seed: 9))
      }
      let together = try layers.map { ($0, try Matrix(rows: rows, columns: $0.outputs)) }
      try Linear.apply(together.map { (layer: $0, y: $1.view) }, x.view, threads: threads)
      for (layer, y) in together {
        let alone = try Matrix(rows: rows, columns: layer.outputs)
        try layer.apply(x.view, to: alone.view, threads: threads)
        #expect(y.elements == alone.elements)
      }
    }

    @Test("the bias comes first, then what was there before")
    func accumulation() throws {
      let (rows, inputs, outputs) = (9, 64, 40)
      let x = try matrix(numbers(rows * inputs), rows: rows)
      let weights = try packed(numbers(outputs * inputs, seed: 2), [outputs, inputs])
      let bias = numbers(outputs, seed: 3)
      let plain = try apply(weights, x.view)
      let before = numbers(rows * outputs, seed: 4)
      let y = try matrix(before, rows: rows)
      try Linear(weights: .packed(weights), bias: bias)
        .apply(x.view, to: y.view, accumulate: true, threads: threads)
      for index in plain.indices {
        #expect(y.elements[index] == plain[index] + bias[index % outputs] + before[index])
      }
    }

    @Test("paths pack and quantize alike; fused ones give equal sums, the portable one close ones")
    func paths() throws {
      let (rows, inputs, outputs) = (14, 500, 50)
      var x = numbers(rows * inputs)
      x[17] = 3000
      let values = numbers(outputs * inputs, seed: 2)
      let input = try matrix(x, rows: rows)
      let results = try onEveryPath { () -> (bytes: [UInt8], y: [Float]) in
        let weights = try packed(values, [outputs, inputs])
        return (Array(weights.bytes), try apply(weights, input.view))
      }
      let first = try #require(results.first)
      let fused = results.filter { $0.path.hasPrefix("avx") }
      for (path, result) in results {
        #expect(result.bytes == first.result.bytes, "\(path)")
        // Sums are a few thousand: one rounding in the seventh digit for every group.
        for (a, b) in zip(result.y, first.result.y) {
          #expect(abs(a - b) <= 2e-6 * max(1000, abs(b)), "\(path)")
        }
      }
      for (path, result) in fused { #expect(result.y == fused[0].result.y, "\(path)") }
    }

    @Test("a row of weights comes back within half a step")
    func gathering() throws {
      let (outputs, inputs) = (70, 75)
      var values = numbers(outputs * inputs)
      for column in 0..<inputs { values[5 * inputs + column] = 0 }
      let weights = try packed(values, [outputs, inputs])
      var row = [Float](repeating: .nan, count: inputs)
      for output in 0..<outputs {
        weights.copyRow(output, to: &row)
        for column in 0..<inputs {
          let group = column / 32 * 32..<min(inputs, column / 32 * 32 + 32)
          let largest = group.map { abs(values[output * inputs + $0]) }.max() ?? 0
          // A scale is rounded up to 8 bits: at most 1/128 more than an exact one.
          let step = largest / 127 * 1.008
          #expect(abs(row[column] - values[output * inputs + column]) <= step / 2 + 1e-9)
        }
      }
    }

    @Test("what is not finite shows in the result, and zeros stay zeros")
    func unusual() throws {
      let (inputs, outputs) = (64, 33)
      let weights = try packed(numbers(outputs * inputs, seed: 2), [outputs, inputs])
      for bad in [Float.nan, .infinity, -.infinity] {
        var x = numbers(2 * inputs)
        x[inputs + 40] = bad
        for (path, y) in try onEveryPath({ try apply(weights, try matrix(x, rows: 2).view) }) {
          #expect(y[..<outputs].allSatisfy { $0.isFinite }, "\(path)")
          #expect(y[outputs...].allSatisfy { !$0.isFinite }, "\(path)")
        }
      }
      for value in [Float(0), 1e-42] {
        let x = try matrix([Float](repeating: value, count: inputs), rows: 1)
        let y = try apply(weights, x.view)
        #expect(y.allSatisfy { $0 == 0 })
      }
    }

    @Test("sizes that overflow or hold nothing are no sizes")
    func sizes() {
      #expect(PackedWeights.byteCount(outputs: 32, inputs: 32) == 1088)
      #expect(PackedWeights.byteCount(outputs: 33, inputs: 33) == 4 * 1088)
      for (outputs, inputs) in [(0, 5), (5, 0), (-1, 5), (1 << 39, 1 << 39), (Int.max, 1)] {
        #expect(PackedWeights.byteCount(outputs: outputs, inputs: inputs) == nil)
      }
    }
  }
}
