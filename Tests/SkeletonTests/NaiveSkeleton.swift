import Checkpoint
import Foundation
import Media
import Models

/// The skeleton computed as simply as possible: one loop per formula, in double precision, without
/// merging.
struct NaiveSkeleton {
  private let tensors: Safetensors
  private let heads = 4
  private let keyHeads = 2
  private let epsilon = 1e-6

  init(folder: String) throws { tensors = try Safetensors(path: folder + "/model.safetensors") }

  typealias Rows = [[Double]]

  /// A tensor of bf16 numbers, one after the other.
  private func tensor(_ name: String) -> [Double] {
    guard let entry = tensors.tensor(name), entry.dtype == "BF16" else { return [] }
    return withExtendedLifetime(entry.owner) {
      stride(from: 0, to: entry.bytes.count, by: 2).map {
        Double(
          Float(
            bitPattern: UInt32(entry.bytes.loadUnaligned(fromByteOffset: $0, as: UInt16.self)) << 16
          ))
      }
    }
  }

  private func linear(_ x: Rows, _ name: String) -> Rows {
    let weights = tensor(name + ".weight")
    let bias = tensor(name + ".bias")
    let outputs = weights.count / x[0].count
    return x.map { row in
      (0..<outputs).map { output in
        var sum = bias.isEmpty ? 0 : bias[output]
        for (input, value) in row.enumerated() {
          sum += weights[output * row.count + input] * value
        }
        return sum
      }
    }
  }

  private func norm(_ x: Rows, _ name: String) -> Rows {
    let weight = tensor(name + ".weight")
    return x.map { row in
      let mean = row.reduce(0) { $0 + $1 * $1 } / Double(row.count)
      return zip(row, weight).map { $0 / (mean + epsilon).squareRoot() * $1 }
    }
  }

  private func add(_ a: Rows, _ b: Rows) -> Rows { zip(a, b).map { zip($0, $1).map(+) } }

  private func gated(_ x: Rows, _ gate: String, _ up: String, _ down: String) -> Rows {
    let inner = zip(linear(x, gate), linear(x, up)).map { gate, up in
      zip(gate, up).map { $0 / (1 + exp(-$0)) * $1 }
    }
    return linear(inner, down)
  }

  /// Softmax attention; queries of several heads share keys and values where there are fewer.
  private func attend(_ q: Rows, _ k: Rows, _ v: Rows, keyHeads: Int, causal: Bool) -> Rows {
    let size = q[0].count / heads
    return q.indices.map { row in
      var output: [Double] = []
      for head in 0..<heads {
        let from = head * keyHeads / heads * size
        let last = causal ? row : k.count - 1
        let logits = (0...last).map { key in
          (0..<size).reduce(0) { $0 + q[row][head * size + $1] * k[key][from + $1] }
            / Double(size).squareRoot()
        }
        let top = logits.max() ?? 0
        let weights = logits.map { exp($0 - top) }
        let sum = weights.reduce(0, +)
        for column in 0..<size {
          output.append(
            weights.indices.reduce(0) { $0 + weights[$1] / sum * v[$1][from + column] })
        }
      }
      return output
    }
  }

  /// The visual tokens of one view.
  private func encode(_ image: RGBImage, _ view: View) -> Rows {
    var patches: Rows = []
    for patch in 0..<view.grid.patches {
      let (row, column) = view.grid.position(of: patch)
      var values: [Double] = []
      for (mean, deviation, channel) in [(0.4, 0.2, 0), (0.5, 0.3, 1), (0.6, 0.4, 2)] {
        for y in 0..<8 {
          for x in 0..<8 {
            let at = ((view.y + row * 8 + y) * image.width + view.x + column * 8 + x) * 3 + channel
            values.append((Double(image.pixels[at]) / 255 - mean) / deviation)
          }
        }
      }
      patches.append(values)
    }
    var x = linear(patches, "vision_tower.patches")
    let width = x[0].count
    let positions = tensor("vision_tower.positions")
    for patch in x.indices {
      let (row, column) = view.grid.position(of: patch)
      for index in 0..<width { x[patch][index] += positions[(row * 8 + column) * width + index] }
    }
    for layer in 0..<2 {
      let name = "vision_tower.layers.\(layer)."
      let qkv = linear(norm(x, name + "norm1"), name + "qkv")
      let parts = (0..<3).map { part in qkv.map { Array($0[part * width..<(part + 1) * width]) } }
      let attended = attend(parts[0], parts[1], parts[2], keyHeads: heads, causal: false)
      x = add(x, linear(attended, name + "projection"))
      x = add(x, gated(norm(x, name + "norm2"), name + "gate", name + "up", name + "down"))
    }
    let groups = stride(from: 0, to: x.count, by: 4).map { Array(x[$0..<$0 + 4].joined()) }
    let inner = linear(norm(groups, "vision_tower.merger.norm"), "vision_tower.merger.expand").map {
      row in
      row.map { 0.5 * $0 * (1 + erf($0 / 2.0.squareRoot())) }
    }
    return linear(inner, "vision_tower.merger.contract")
  }

  private func rotated(_ x: Rows, heads: Int) -> Rows {
    let size = x[0].count / heads
    let half = size / 2
    return x.enumerated().map { position, row in
      var result = row
      for head in 0..<heads {
        for index in 0..<half {
          let angle = Double(position) * pow(10_000, -Double(2 * index) / Double(size))
          let (a, b) = (row[head * size + index], row[head * size + half + index])
          result[head * size + index] = a * cos(angle) - b * sin(angle)
          result[head * size + half + index] = b * cos(angle) + a * sin(angle)
        }
      }
      return result
    }
  }

  /// The logits that follow a prompt.
  ///
  /// - Parameter visuals: the question's images, as they are shown.
  func logits(_ ids: [Int], runs: [Prompt.Run], segments: [Segment], visuals: [Visual]) -> [Double]
  {
    let embedding = tensor("language_model.model.embed_tokens.weight")
    let width = 48
    var x = ids.map { Array(embedding[$0 * width..<($0 + 1) * width]) }
    for run in runs {
      var next = run.tokens.lowerBound
      for segment in segments[run.segments] {
        let image = visuals[segment.source].images[segment.view.images.lowerBound]
        for token in encode(image, segment.view) {
          x[next] = token
          next += 1
        }
      }
    }
    for layer in 0..<2 {
      let name = "language_model.model.layers.\(layer)."
      let rows = norm(x, name + "input_layernorm")
      let attended = attend(
        rotated(linear(rows, name + "self_attn.q_proj"), heads: heads),
        rotated(linear(rows, name + "self_attn.k_proj"), heads: keyHeads),
        linear(rows, name + "self_attn.v_proj"), keyHeads: keyHeads, causal: true)
      x = add(x, linear(attended, name + "self_attn.o_proj"))
      x = add(
        x,
        gated(
          norm(x, name + "post_attention_layernorm"), name + "mlp.gate_proj", name + "mlp.up_proj",
          name + "mlp.down_proj"))
    }
    return linear(norm([x[x.count - 1]], "language_model.model.norm"), "lm_head")[0]
  }
}
