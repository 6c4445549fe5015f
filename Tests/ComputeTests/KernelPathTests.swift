import CKernels
import Compute
import Foundation
import Testing

/// Runs a closure once on every kernel path this processor has, and then returns to the best one.
func onEveryPath<Result>(_ body: () throws -> Result) rethrows -> [(path: String, result: Result)] {
  let best = ProcessorInformation.kernels
  defer { ProcessorInformation.selectKernels(best) }
  var results: [(String, Result)] = []
  for path in ["portable", "plainbf16", "avx2", "avx512", "avx512vnni", "avx512bf16"]
  where ProcessorInformation.selectKernels(path) {
    results.append((path, try body()))
  }
  return results
}

/// Numbers of mixed size and sign, the same at every run.
func numbers(_ count: Int, seed: UInt64 = 1, spread: Float = 3) -> [Float] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (Float(state >> 40) / Float(1 << 24) - 0.5) * 2 * spread
  }
}

/// The numbers rounded to bf16.
func rounded(_ values: [Float]) -> [Float] {
  values.map { value in
    let bits = value.bitPattern
    return Float(bitPattern: (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff_0000)
  }
}

// One serialized suite, because the path in use is a setting of the whole process.
@Suite("Kernels", .serialized)
struct KernelPathTests {
  /// Lengths around the sixteen lanes and their multiples.
  static let lengths = [1, 3, 15, 16, 17, 31, 48, 63, 64, 65, 100, 257]

  private func expectClose(_ a: [Float], _ b: [Double], _ tolerance: Double, _ what: String) {
    #expect(a.count == b.count)
    for (x, y) in zip(a, b) where abs(Double(x) - y) > tolerance * max(1, abs(y)) {
      Issue.record("\(what): \(x) is not \(y)")
      return
    }
  }

  @Test("softmax is exact to single precision on every path", arguments: lengths)
  func softmax(_ count: Int) {
    let logits = numbers(count, spread: 40)
    let scaled = logits.map { Double($0) * 0.25 }
    let top = scaled.max() ?? 0
    let sum = scaled.reduce(0) { $0 + exp($1 - top) }
    for (path, result) in onEveryPath({ () -> ([Float], Float) in
      var row = logits
      let logSumExp = illava_softmax(&row, count, 0.25)
      return (row, logSumExp)
    }) {
      expectClose(result.0, scaled.map { exp($0 - top) / sum }, 1e-6, path)
      expectClose([result.1], [top + log(sum)], 1e-6, path)
    }
  }

  @Test(
    "attention says the same on every path, whatever the extents", arguments: [1, 7, 64, 130],
    [16, 72, 128])
  func attention(_ rows: Int, _ size: Int) throws {
    let heads = 2
    let input = try Matrix(rows: rows, columns: 3 * heads * size)
    let filling = numbers(rows * input.columns, spread: 1)
    input.base.update(from: filling, count: filling.count)
    func part(_ index: Int) -> MatrixView {
      input.view[columns: index * heads * size..<(index + 1) * heads * size]
    }
    let biases = [[], (0..<rows).map { Float($0 % 4) * 0.7 }]
    for (causal, bias) in [
      (false, biases[0]), (true, biases[0]), (false, biases[1]), (true, biases[1]),
    ] {
      let attention = Attention(
        heads: heads, keyValueHeads: heads, headSize: size, causal: causal)
      let results = try onEveryPath { () -> [Float] in
        let output = try Matrix(rows: rows, columns: heads * size)
        let scores = try attention.apply(
          queries: part(0), keys: part(1), values: part(2), output: output.view, keyBias: bias,
          score: .received, threads: ThreadTeam(count: 2))
        return output.elements + scores
      }
      for (path, result) in results {
        expectClose(result, results[0].result.map(Double.init), 2e-6, path)
      }
    }
  }

  @Test("activations follow their formulas on every path", arguments: lengths)
  func activations(_ count: Int) {
    let x = numbers(count, spread: 12)
    let up = numbers(count, seed: 2)
    let tanhForm = x.map { (v: Float) -> Double in
      let d = Double(v)
      return d * 0.5 * (1 + tanh(0.7978845608028654 * (d + 0.044715 * d * d * d)))
    }
    let erfForm = x.map { Double($0) * 0.5 * (1 + erf(Double($0) / 2.0.squareRoot())) }
    let quickForm = x.map { Double($0) / (1 + exp(-1.702 * Double($0))) }
    let swiGLU = zip(x, up).map { Double($0) / (1 + exp(-Double($0))) * Double($1) }
    for (path, result) in onEveryPath({ () -> [[Float]] in
      var (a, b, c, d) = (x, x, x, x)
      illava_gelu_tanh(&a, count)
      illava_gelu_erf(&b, count)
      illava_silu_multiply(&c, up, count)
      illava_gelu_quick(&d, count)
      return [a, b, c, d]
    }) {
      expectClose(result[0], tanhForm, 2e-6, path)
      expectClose(result[1], erfForm, 2e-6, path)
      expectClose(result[2], swiGLU, 2e-6, path)
      expectClose(result[3], quickForm, 2e-6, path)
    }
  }

  @Test("norms follow their formulas on every path", arguments: lengths)
  func norms(_ count: Int) {
    let x = numbers(count)
    let weight = numbers(count, seed: 3)
    let bias = numbers(count, seed: 4)
    let mean = x.reduce(0) { $0 + Double($1) } / Double(count)
    let variance = x.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(count)
    let square = x.reduce(0) { $0 + Double($1) * Double($1) } / Double(count)
    let layer = x.indices.map {
      (Double(x[$0]) - mean) / (variance + 1e-5).squareRoot() * Double(weight[$0])
        + Double(bias[$0])
    }
    let rms = x.indices.map { Double(x[$0]) / (square + 1e-5).squareRoot() * Double(weight[$0]) }
    for (path, result) in onEveryPath({ () -> [[Float]] in
      var a = [Float](repeating: 0, count: count)
      var b = a
      illava_layer_norm(x, &a, weight, bias, count, 1e-5)
      illava_rms_norm(x, &b, weight, count, 1e-5)
      return [a, b]
    }) {
      expectClose(result[0], layer, 1e-5, path)
      expectClose(result[1], rms, 1e-5, path)
    }
  }

  @Test("dot products and weighted sums read every stored type on every path", arguments: lengths)
  func storedRows(_ count: Int) {
    let rows = 3
    let stride = count + 5
    let values = numbers(rows * stride, spread: 2)
    let x = numbers(count, seed: 5)
    let p: [Float] = [0.25, -1.5, 0.75]
    for type in [illava_f32, illava_f16, illava_bf16] {
      var stored = [UInt8](repeating: 0, count: rows * stride * 4)
      illava_narrow(type, values, &stored, rows * stride)
      var exact = [Float](repeating: 0, count: rows * stride)
      illava_widen(type, stored, &exact, rows * stride)
      let dots = (0..<rows).map { row in
        (0..<count).reduce(0.0) { $0 + Double(exact[row * stride + $1]) * Double(x[$1]) }
      }
      let sums = (0..<count).map { column in
        (0..<rows).reduce(0.0) { $0 + Double(p[$1]) * Double(exact[$1 * stride + column]) }
      }
      for (path, result) in onEveryPath({ () -> [[Float]] in
        var a = [Float](repeating: 0, count: rows)
        var b = [Float](repeating: 0, count: count)
        illava_dot_rows(type, stored, stride, rows, x, count, &a)
        illava_weighted_rows(type, stored, stride, rows, p, count, &b)
        return [a, b]
      }) {
        expectClose(result[0], dots, 1e-4, "\(path) \(type)")
        expectClose(result[1], sums, 1e-5, "\(path) \(type)")
      }
    }
  }

  @Test("every half and bfloat16 value survives widening and narrowing on every path")
  func conversions() {
    let bits = (0...UInt16.max).map(\.self)
    for type in [illava_f16, illava_bf16] {
      for (path, (wide, narrow)) in onEveryPath({ () -> ([Float], [UInt16]) in
        var wide = [Float](repeating: 0, count: bits.count)
        var narrow = [UInt16](repeating: 0, count: bits.count)
        illava_widen(type, bits, &wide, bits.count)
        illava_narrow(type, wide, &narrow, bits.count)
        return (wide, narrow)
      }) {
        let wrong = bits.indices.filter { index in
          let expected =
            type == illava_f16
            ? Self.value(ofHalf: bits[index]) : Float(bitPattern: UInt32(bits[index]) << 16)
          if expected.isNaN { return !wide[index].isNaN }
          return wide[index] != expected || narrow[index] != bits[index]
        }
        #expect(wrong.isEmpty, "\(path) \(type): \(wrong.prefix(3))")
      }
    }
  }

  /// IEEE 754 half precision by its definition.
  private static func value(ofHalf bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let fraction = Float(bits & 0x3ff)
    switch Int(bits >> 10 & 0x1f) {
    case 0: return sign * fraction * exp2f(-24)
    case 31: return fraction == 0 ? sign * .infinity : .nan
    case let exponent: return sign * (1 + fraction / 1024) * exp2f(Float(exponent - 15))
    }
  }

  @Test("narrowing rounds to the nearest value, halves to even")
  func rounding() {
    // 1 + 2⁻⁸ lies halfway between two bf16 values, 1 + 3·2⁻⁸ between the next two.
    let values: [Float] = [1 + 0x1p-8, 1 + 0x1.8p-7, 1 + 0x1.01p-8, .infinity, -.infinity]
    for (path, result) in onEveryPath({ () -> [UInt16] in
      var narrow = [UInt16](repeating: 0, count: values.count)
      illava_narrow(illava_bf16, values, &narrow, values.count)
      return narrow
    }) {
      #expect(result == [0x3f80, 0x3f82, 0x3f81, 0x7f80, 0xff80], "\(path)")
    }
  }

  @Test("rotary turns pairs by their angle on every path", arguments: [1, 4, 12, 16, 33])
  func rotary(_ half: Int) {
    let x = numbers(4 * half)
    let angles = numbers(half, seed: 6)
    let (c, s) = (angles.map { cosf($0) }, angles.map { sinf($0) })
    var expected = x.map { Double($0) }
    for head in 0..<2 {
      for i in 0..<half {
        let (low, high) = (head * 2 * half + i, head * 2 * half + half + i)
        let (a, b) = (Double(x[low]), Double(x[high]))
        expected[low] = a * Double(c[i]) - b * Double(s[i])
        expected[high] = b * Double(c[i]) + a * Double(s[i])
      }
    }
    for (path, result) in onEveryPath({ () -> [Float] in
      var turned = x
      illava_rotary(&turned, 2, half, c, s)
      return turned
    }) {
      expectClose(result, expected, 1e-6, path)
    }
  }
}
