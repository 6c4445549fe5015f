import CKernels
import Foundation
import Testing

/// Blocks of GGUF files as panels, against the same blocks widened to f32.
@Suite("Blocks of GGUF as panels")
struct BlockRepackTests {
  private static let types = [
    illava_q4_0, illava_q4_1, illava_q8_0, illava_q4_k, illava_q5_k,
    illava_q6_k,
  ]

  private func setHalf(_ bytes: inout [UInt8], _ place: Int, _ value: Float) {
    var (value, bits) = (value, UInt16(0))
    illava_narrow(illava_f16, &value, &bits, 1)
    bytes[place] = UInt8(truncatingIfNeeded: bits)
    bytes[place + 1] = UInt8(bits >> 8)
  }

  /// Random bytes with sensible f16 at these places of every block.
  private func blocks(_ type: illava_block, count: Int) -> [UInt8] {
    let size = illava_block_bytes(type)
    var state: UInt64 = 7
    var bytes = (0..<count * size).map { _ -> UInt8 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(state >> 56)
    }
    let places: [Int] =
      switch type {
      case illava_q4_0, illava_q8_0: [0]
      case illava_q6_k: [208]
      default: [0, 2]
      }
    for block in 0..<count {
      for place in places {
        setHalf(&bytes, block * size + place, Float(block * 7 % 13 - 5) * 0.0137)
      }
    }
    return bytes
  }

  @Test("every weight comes back to the last bit", arguments: types.indices)
  func exact(_ index: Int) {
    let type = Self.types[index]
    let (outputs, inputs) = (29, 512)
    let perBlock = illava_block_numbers(type)
    let size = illava_block_bytes(type)
    let bytes = blocks(type, count: outputs * inputs / perBlock)
    let kind = illava_panel(UInt32(illava_block_panel(type)))
    var panel = [UInt8](repeating: 0xff, count: illava_panel_bytes(kind, inputs / 32))
    illava_block_repack(type, bytes, outputs, inputs, &panel)
    let rowBytes = inputs / perBlock * size
    var row = [Float](repeating: .nan, count: inputs)
    var expected = row
    for output in 0..<32 {
      illava_panel_unpack_row(kind, panel, output, &row, inputs)
      guard output < outputs else {
        #expect(row.allSatisfy { $0 == 0 })
        continue
      }
      illava_widen_blocks(
        type, Array(bytes[(output * rowBytes)..<((output + 1) * rowBytes)]), &expected,
        inputs / perBlock)
      #expect(row == expected, "\(output)")
    }
  }

  @Test("types that no panel holds are not taken for others")
  func others() {
    let held = (0..<32).filter { illava_block_panel(illava_block(UInt32($0))) >= 0 }
    #expect(held == [2, 3, 8, 12, 13, 14])
  }

  @Test("products are those of the weights", arguments: types.indices, [1, 3, 6, 40])
  func products(_ index: Int, _ rows: Int) {
    let type = Self.types[index]
    let inputs = 768
    let kind = illava_panel(UInt32(illava_block_panel(type)))
    let groups = inputs / 32
    let bytes = blocks(type, count: 32 * inputs / illava_block_numbers(type))
    var panel = [UInt8](repeating: 0, count: illava_panel_bytes(kind, groups))
    illava_block_repack(type, bytes, 32, inputs, &panel)
    let x = numbers(rows * inputs)
    let tileBytes = groups * ILLAVA_INT8_TILE_BLOCK
    var tiles = [UInt8](repeating: 0xff, count: (rows + 5) / 6 * tileBytes)
    tiles.withUnsafeMutableBytes { tiles in
      x.withUnsafeBufferPointer { x in
        guard let base = x.baseAddress, let tile = tiles.baseAddress else { return }
        for first in stride(from: 0, to: rows, by: 6) {
          illava_int8_quantize(
            base + first * inputs, inputs, min(6, rows - first), inputs,
            tile + first / 6 * tileBytes)
        }
      }
    }
    var y = [Float](repeating: .nan, count: rows * 32)
    illava_packed_product(kind, tiles, rows, panel, groups, nil, 0, &y, 32, 32)
    var (error, size) = (0.0, 0.0)
    var row = [Float](repeating: 0, count: inputs)
    for output in 0..<32 {
      illava_panel_unpack_row(kind, panel, output, &row, inputs)
      for index in 0..<rows {
        var exact = 0.0
        for k in 0..<inputs { exact += Double(x[index * inputs + k]) * Double(row[k]) }
        let difference = Double(y[index * 32 + output]) - exact
        error += difference * difference
        size += exact * exact
      }
    }
    // What rounding the rows to 8 bits costs.
    #expect((error / size).squareRoot() < 0.01)
  }
}
