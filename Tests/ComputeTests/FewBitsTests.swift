import CKernels
import Compute
import Foundation
import Testing

// In the suite of the kernels, so that no other test switches the path meanwhile.
extension KernelPathTests {
  @Suite("Weights of 4 to 6 bits")
  struct FewBitsTests {
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

    private func packed(
      _ values: [Float], _ shape: [Int], importance: [Float]? = nil
    ) throws -> PackedWeights {
      let owner = Numbers(values)
      return try PackedWeights(
        packing: WeightStorage(
          shape: shape, elementType: .f32, base: UnsafeRawPointer(owner.pointer), owner: owner),
        isFour: true, importance: importance, in: PackedArena(), threads: threads)
    }

    private func matrix(_ values: [Float], rows: Int) throws -> Matrix {
      let matrix = try Matrix(rows: rows, columns: values.count / rows)
      matrix.base.update(from: values, count: values.count)
      return matrix
    }

    private func unpacked(_ weights: PackedWeights) -> [Float] {
      var all = [Float](repeating: 0, count: weights.outputs * weights.inputs)
      all.withUnsafeMutableBufferPointer { all in
        guard let base = all.baseAddress else { return }
        for row in 0..<weights.outputs { weights.copyRow(row, to: base + row * weights.inputs) }
      }
      return all
    }

    private func apply(_ weights: PackedWeights, _ x: MatrixView) throws -> [Float] {
      let y = try Matrix(rows: x.rows, columns: weights.outputs)
      try Linear(weights: .packed(weights)).apply(x, to: y.view, threads: threads)
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
      "products are within 1 % of those with the numbers that are held, whatever the extents",
      arguments: [(1, 64, 32), (2, 37, 45), (6, 31, 33), (7, 512, 96), (101, 544, 70)])
    func accuracy(_ rows: Int, _ inputs: Int, _ outputs: Int) throws {
      let x = numbers(rows * inputs)
      let weights = try packed(numbers(outputs * inputs, seed: 2), [outputs, inputs])
      let y = try apply(weights, try matrix(x, rows: rows).view)
      #expect(relativeError(y, x, unpacked(weights), inputs: inputs) < 0.01)
    }

    @Test("a group has the scale and minimum that suit it")
    func ranges() throws {
      let (outputs, inputs) = (40, 300)
      // Every output has its own range, some on one side of zero.
      var values = numbers(outputs * inputs, spread: 1)
      for index in values.indices {
        let output = index / inputs
        let offset: Float = output % 3 == 1 ? -50 : 0
        values[index] = values[index] * Float(output + 1) + offset
      }
      for column in 0..<inputs { values[7 * inputs + column] = 0 }
      let held = unpacked(try packed(values, [outputs, inputs]))
      for output in 0..<outputs {
        let step = Float(output + 1) * 2 / 15
        for column in 0..<inputs {
          let index = output * inputs + column
          // Half a step, and what least squares cut off at the ends; the codes of scale and minimum add, of
          // 50, one and a half of 255 steps.
          let offset: Float = output % 3 == 1 ? 1.5 * 50 / 255 : 0
          let most: Float = step * 0.9 + offset
          #expect(abs(held[index] - values[index]) <= most, "\(output) \(column)")
        }
      }
      #expect(held[(7 * inputs)..<(8 * inputs)].allSatisfy { $0 == 0 })
    }

    @Test("least squares are better than the range alone, and better still where inputs count")
    func leastSquares() throws {
      let (outputs, inputs) = (32, 512)
      // Few weights are large, as in trained matrices: the sum of several uniform numbers.
      var values = [Float](repeating: 0, count: outputs * inputs)
      for seed in 2..<6 {
        let more = numbers(values.count, seed: UInt64(seed), spread: 1)
        for index in values.indices { values[index] += more[index] }
      }
      let importance: [Float] = (0..<inputs).map { $0 % 7 == 0 ? 100 : 0.1 }
      func error(_ held: [Float], _ importance: [Float]) -> Double {
        var sum = 0.0
        for index in held.indices {
          let difference = Double(held[index] - values[index])
          sum += difference * difference * Double(importance[index % inputs])
        }
        return sum
      }
      let equal = [Float](repeating: 1, count: inputs)
      let plain = unpacked(try packed(values, [outputs, inputs]))
      let weighted = unpacked(try packed(values, [outputs, inputs], importance: importance))
      // Rounding to 16 steps between the least and the largest of each group.
      let ranged = values.indices.map { (index: Int) -> Float in
        let first = index / 32 * 32
        let group = values[first..<first + 32]
        let least = group.min() ?? 0
        let step = ((group.max() ?? 0) - least) / 15
        let code = ((values[index] - least) / step).rounded()
        return least + code * step
      }
      #expect(error(plain, equal) < 0.95 * error(ranged, equal))
      #expect(error(weighted, importance) < 0.8 * error(plain, importance))
      #expect(error(plain, equal) < error(weighted, equal))
    }

    @Test("paths pack alike; fused ones give equal products, the portable one close ones")
    func paths() throws {
      let (rows, inputs, outputs) = (14, 500, 50)
      let values = numbers(outputs * inputs, seed: 2)
      let input = try matrix(numbers(rows * inputs), rows: rows)
      let results = try onEveryPath { () -> (bytes: [UInt8], y: [Float]) in
        let weights = try packed(values, [outputs, inputs])
        return (Array(weights.bytes), try apply(weights, input.view))
      }
      let first = try #require(results.first)
      let fused = results.filter { $0.path.hasPrefix("avx") }
      for (path, result) in results {
        #expect(result.bytes == first.result.bytes, "\(path)")
        for (a, b) in zip(result.y, first.result.y) {
          #expect(abs(a - b) <= 1e-5 * max(1000, abs(b)), "\(path)")
        }
      }
      for (path, result) in fused { #expect(result.y == fused[0].result.y, "\(path)") }
    }

    @Test("a row gives the same alone and among others")
    func independence() throws {
      let (rows, inputs, outputs) = (123, 600, 77)
      let x = try matrix(numbers(rows * inputs), rows: rows)
      let weights = try packed(numbers(outputs * inputs, seed: 2), [outputs, inputs])
      let all = try apply(weights, x.view)
      for row in [0, 5, 6, 95, 96, 122] {
        let alone = try apply(weights, x[rows: row..<row + 1])
        #expect(alone == Array(all[row * outputs..<(row + 1) * outputs]), "row \(row)")
      }
    }

    @Test("what is not finite shows in the result")
    func unusual() throws {
      let (inputs, outputs) = (64, 33)
      var x = numbers(2 * inputs)
      x[inputs + 40] = .nan
      let input = try matrix(x, rows: 2)
      let weights = try packed(numbers(outputs * inputs, seed: 2), [outputs, inputs])
      for (path, y) in try onEveryPath({ try apply(weights, input.view) }) {
        #expect(y[..<outputs].allSatisfy { $0.isFinite }, "\(path)")
        #expect(y[outputs...].allSatisfy { !$0.isFinite }, "\(path)")
      }
      var values = numbers(outputs * inputs)
      values[3 * inputs + 40] = .infinity
      let spoiled = try apply(
        try packed(values, [outputs, inputs]), try matrix(numbers(inputs), rows: 1).view)
      #expect(spoiled.indices.filter { !spoiled[$0].isFinite } == [3])
    }

    @Test("sizes are those of the documents")
    func sizes() {
      let bits = PackedLayout.allCases.map { layout in
        PackedWeights.byteCount(outputs: 64, inputs: 512, layout: layout).map { Double($0) / 4096 }
      }
      #expect(bits == [8.5, 8.5, 4.625, 5.625, 6.5625, 5])
    }
  }
}
