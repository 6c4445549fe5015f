import Compute
import Testing

// In the suite of the kernels, so that no other test switches the path meanwhile.
extension KernelPathTests {
  @Suite("Layers over stored weights")
  struct StoredProductTests {
    private final class Bytes {
      let pointer: UnsafeMutableRawPointer
      init(_ count: Int) { pointer = .allocate(byteCount: max(1, count), alignment: 64) }
      deinit { pointer.deallocate() }
    }

    private let threads = ThreadTeam(count: 2)

    private func weights(_ shape: [Int], _ type: ElementType) -> WeightStorage {
      let count = shape.reduce(1, *)
      let bytes = Bytes(count * type.size)
      type.narrow(numbers(count, seed: 2, spread: 1), to: bytes.pointer, count: count)
      var weights = WeightStorage(
        shape: shape, elementType: type, base: UnsafeRawPointer(bytes.pointer), owner: bytes)
      weights.mayRoundInputs = true
      return weights
    }

    private func matrix(_ values: [Float], rows: Int) throws -> Matrix {
      let matrix = try Matrix(rows: rows, columns: values.count / rows)
      matrix.base.update(from: values, count: values.count)
      return matrix
    }

    /// `x Wᵀ + b` in double precision, `[rows, outputs]`.
    private func exact(_ x: [Float], _ weight: WeightStorage, bias: [Float]) -> [Double] {
      let (w, outputs) = (weight.floats, weight.shape[0])
      let inputs = weight.shape[1]
      return (0..<x.count / inputs).flatMap { row in
        (0..<outputs).map { output in
          (0..<inputs).reduce(Double(bias[output])) {
            $0 + Double(x[row * inputs + $1]) * Double(w[output * inputs + $1])
          }
        }
      }
    }

    @Test(
      "products follow their formula on every path, whatever the extents",
      arguments: [
        (3, 1, 1), (5, 31, 64), (6, 513, 65), (7, 37, 130), (13, 1100, 70), (70, 96, 200),
      ],
      ElementType.allCases)
    func products(_ extents: (rows: Int, inputs: Int, outputs: Int), _ type: ElementType) throws {
      let (rows, inputs, outputs) = extents
      let weight = weights([outputs, inputs], type)
      // Numbers that are bf16 already, so that rounding does not change them.
      let x = rounded(numbers(rows * inputs, spread: 1))
      let input = try matrix(x, rows: rows)
      let bias = numbers(outputs, seed: 3)
      let before = numbers(rows * outputs, seed: 4)
      let wanted = exact(x, weight, bias: bias)
      for (path, y) in try onEveryPath({ () -> [[Float]] in
        let layer = Linear(weight: weight, bias: bias)
        let y = try Matrix(rows: rows, columns: outputs)
        try layer.apply(input.view, to: y.view, threads: threads)
        let added = try matrix(before, rows: rows)
        try layer.apply(input.view, to: added.view, accumulate: true, threads: threads)
        return [y.elements, added.elements]
      }) {
        for index in wanted.indices {
          let tolerance = 2e-5 * max(1, abs(wanted[index]))
          #expect(abs(Double(y[0][index]) - wanted[index]) < tolerance, "\(path) \(index)")
          #expect(
            abs(Double(y[1][index]) - wanted[index] - Double(before[index])) < 2 * tolerance,
            "\(path) \(index)")
        }
      }
    }

    @Test("pairs of bf16 give what rounded inputs give, where that is allowed and weights are bf16")
    func rounding() throws {
      let (rows, inputs, outputs) = (520, 75, 70)
      let best = ProcessorInformation.kernels
      defer { ProcessorInformation.selectKernels(best) }
      #expect(ProcessorInformation.selectKernels("plainbf16"))
      let x = numbers(rows * inputs)
      for (type, isAllowed) in ElementType.allCases.map({ ($0, true) }) + [(.bf16, false)] {
        var weight = weights([outputs, inputs], type)
        weight.mayRoundInputs = isAllowed
        let wanted = exact(
          type == .bf16 && isAllowed ? rounded(x) : x, weight,
          bias: [Float](repeating: 0, count: outputs))
        let y = try Matrix(rows: rows, columns: outputs)
        try Linear(weight: weight).apply(
          try matrix(x, rows: rows).view, to: y.view, threads: threads)
        for (a, b) in zip(y.elements, wanted) { #expect(abs(Double(a) - b) < 2e-4, "\(type)") }
      }
    }

    @Test("a row gives the same on any number of threads and among any other rows, on every path")
    func independence() throws {
      let (rows, inputs, outputs) = (523, 96, 77)
      let input = try matrix(numbers(rows * inputs), rows: rows)
      let weight = weights([outputs, inputs], .bf16)
      let paths = try onEveryPath { () -> [[Float]] in
        try [(0..<rows, 2), (0..<rows, 5), (512..<523, 1)].map { run, count in
          let y = try Matrix(rows: run.count, columns: outputs)
          try Linear(weight: weight).apply(
            input[rows: run], to: y.view, threads: ThreadTeam(count: count))
          return y.elements
        }
      }
      // The portable path leaves these products to OpenBLAS, which has its own order of summation.
      for (path, y) in paths where path != "portable" {
        #expect(y[0] == y[1], "\(path)")
        #expect(y[2] == Array(y[0][(512 * outputs)...]), "\(path)")
      }
    }
  }
}
