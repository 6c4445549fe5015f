import Checkpoint
import Compute
import Diagnostics
import Foundation
import Testing

/// The file of `Tests/Reference/gguf/make_types.py`.
private func fixture() throws -> String {
  try #require(Bundle.module.path(forResource: "types", ofType: "gguf", inDirectory: "Fixtures"))
}

@Suite struct GGUFFileTests {
  @Test(arguments: BlockType.allCases)
  func widensBlocksBitForBitAsTheReferenceDoes(type: BlockType) throws {
    let file = try GGUFFile(path: try fixture())
    let name = try #require(GGUFType(rawValue: type.rawValue)).name
    let tensor = try #require(file.tensor(name))
    #expect(tensor.shape == [3, 512])
    let blocks = try #require(tensor.blocks)
    #expect(blocks.type == type)
    #expect((blocks.rows, blocks.columns) == (3, 512))
    #expect(blocks.byteCount == tensor.bytes.count)
    let expected = try #require(file.tensor(name + ".expected"))
    #expect(expected.type == .f32)
    for row in 0..<3 {
      #expect(
        blocks.row(row).elementsEqual(
          tensor.bytes[row * blocks.rowBytes..<(row + 1) * blocks.rowBytes]))
      var numbers = [Float](repeating: -1, count: 512)
      blocks.copyRow(row, to: &numbers)
      let wanted = (0..<512).map {
        expected.bytes.loadUnaligned(fromByteOffset: (row * 512 + $0) * 4, as: UInt32.self)
      }
      #expect(numbers.map(\.bitPattern) == wanted)
    }
  }

  @Test(arguments: ["F16", "BF16"])
  func widensNumbersOfSixteenBits(name: String) throws {
    let file = try GGUFFile(path: try fixture())
    let tensor = try #require(file.tensor(name))
    #expect(tensor.blocks == nil)
    let type = try #require(tensor.type.elementType)
    var numbers = [Float](repeating: -1, count: 3 * 512)
    type.widen(try #require(tensor.bytes.baseAddress), to: &numbers, count: numbers.count)
    let expected = try #require(file.tensor(name + ".expected"))
    let wanted = numbers.indices.map {
      expected.bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)
    }
    #expect(numbers.map(\.bitPattern) == wanted)
  }

  @Test func listsTensorsWithTheOutermostExtentFirst() throws {
    let file = try GGUFFile(path: try fixture())
    #expect(file.names.count == 29)
    let tensor = try #require(file.tensor("F32"))
    #expect(tensor.shape == [1, 2, 3])
    #expect(tensor.range.lowerBound.isMultiple(of: 32))
    #expect(tensor.bytes.count == 24)
    #expect(tensor.bytes.loadUnaligned(fromByteOffset: 20, as: Float.self) == 5)
    #expect(file.tensor("nothing")?.name == nil)
  }

  @Test func readsValuesOfEveryKind() throws {
    let metadata = try GGUFFile(path: try fixture()).metadata
    let integers: [(String, Int)] = [
      ("u8", 200), ("u16", 60_000), ("u32", 4_000_000_000), ("u64", 1 << 40), ("i8", -100),
      ("i16", -30_000), ("i32", -2_000_000_000), ("i64", -(1 << 40)),
    ]
    for (key, value) in integers { #expect(try metadata.integer("test.\(key)") == value) }
    #expect(try metadata.number("test.f32") == Double(Float(0.1)))
    #expect(try metadata.number("test.f64") == 0.1)
    #expect(try metadata.number("test.u8") == 200)
    #expect(try metadata.truth("test.truth") == true)
    #expect(try metadata.text("test.text") == "a – b")
    #expect(try metadata.integers("test.integers") == [1, -2, 3])
    #expect(try metadata.integers("test.u8") == [200])
    #expect(try metadata.numbers("test.numbers") == [0.5, 1.5])
    #expect(try metadata.truths("test.truths") == [true, false])
    let texts = try metadata.texts("test.texts", limit: 3)
    #expect(texts?.map { String(decoding: $0, as: UTF8.self) } == ["", "Ġa", "b c"])
    #expect(try metadata.text("test.nothing") == nil)
    #expect(try metadata.text("general.architecture") == "types")
    #expect(metadata.keys.contains("test.texts"))
  }

  @Test func refusesValuesOfAnotherKind() throws {
    let metadata = try GGUFFile(path: try fixture()).metadata
    func expect(_ read: () throws(Failure) -> Void) {
      expectFailure(.checkpointGGUFValue, naming: ["types.gguf", "test."], from: read)
    }
    expect { () throws(Failure) in _ = try metadata.text("test.u8") }
    expect { () throws(Failure) in _ = try metadata.integer("test.text") }
    expect { () throws(Failure) in _ = try metadata.integer("test.largest") }
    expect { () throws(Failure) in _ = try metadata.integers("test.texts") }
    expect { () throws(Failure) in _ = try metadata.truth("test.f32") }
    expect { () throws(Failure) in _ = try metadata.texts("test.texts", limit: 2) }
  }
}
