import Checkpoint
import Diagnostics
import Engine
import Foundation
import Models
import Testing

/// The file of packed weights beside a model: what `illava pack` writes, and how it is read.
@Suite("Packed file")
struct PackTests {
  /// A copy of a tiny checkpoint, removed with the last reference.
  private final class Copy {
    let path: String
    var packed: String { path + "/" + PackedPrecision.int8.fileName }

    init(_ checkpoint: String = "tiny-late") throws {
      path =
        FileManager.default.temporaryDirectory.appendingPathComponent(
          "illava-pack-\(UUID().uuidString)"
        ).path
      try FileManager.default.copyItem(atPath: Fixtures.path(checkpoint), toPath: path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func pack() throws {
      var options = ModelOptions(weights: .int8)
      options.usesPackedFile = false
      let checkpoint = try Checkpoint(folder: path)
      let model = try ModelRegistry.load(checkpoint, options: options)
      try PackedFile.write(model.assets.weights.packed, of: checkpoint)
    }

    func open() throws -> Session {
      try Session(modelFolder: path, options: ModelOptions(weights: .int8), threads: 2)
    }

    func edit(_ change: (inout Data) throws -> Void) throws {
      var data = try Data(contentsOf: URL(filePath: packed))
      try change(&data)
      try data.write(to: URL(filePath: packed))
    }
  }

  /// The bytes of every packed matrix; unlike logits, they are equal on every kernel path.
  private func contents(_ session: Session) -> [String: [UInt8]] {
    Dictionary(
      session.model.assets.weights.packed.map { ($0.name, Array($0.weights.bytes)) },
      uniquingKeysWith: { first, _ in first })
  }

  @Test(
    "packed weights are mapped and say exactly what packing at load says",
    arguments: ["tiny-late", "qwen3.5/tiny", "qwen3.5/tiny-tied"])
  func roundTrip(_ checkpoint: String) throws {
    let copy = try Copy(checkpoint)
    let before = try copy.open()
    #expect(before.model.assets.weights.ownedBytes > 0)
    try copy.pack()
    let after = try copy.open()
    #expect(contents(after) == contents(before))
    #expect(after.model.assets.weights.ownedBytes == 0)
    #expect(after.model.assets.weights.bytes == before.model.assets.weights.bytes)
    #expect(after.model.assets.notes.isEmpty)
    var request = Request(prompt: "How many?")
    request.media = [MediaItem(path: Fixtures.path("media/picture1.png"))]
    request.maxNewTokens = 2
    #expect(try after.answer(request).generated.count == 2)
    let file = try #require(try PackedFile(of: try Checkpoint(folder: copy.path)))
    try file.verify()
    #expect(file.totalBytes == before.model.assets.weights.ownedBytes)
    #expect(file.names == before.model.assets.weights.packed.map(\.name))
    // Two runs write equal files.
    let first = try Data(contentsOf: URL(filePath: copy.packed))
    try copy.pack()
    #expect(try Data(contentsOf: URL(filePath: copy.packed)) == first)
  }

  @Test("opening a packed file leaves none of it resident, so that it is not planned for twice")
  func residency() throws {
    let copy = try Copy()
    try copy.pack()
    let file = try #require(try PackedFile(of: try Checkpoint(folder: copy.path)))
    try withExtendedLifetime(file) {
      let handle = try #require(FileHandle(forReadingAtPath: "/proc/self/smaps"))
      let maps = try #require(try handle.readToEnd())
      let lines = String(decoding: maps, as: UTF8.self).split(separator: "\n")
      let own = lines.drop { !$0.hasSuffix(copy.packed) }
      let resident = try #require(own.first { $0.hasPrefix("Rss:") })
      #expect(resident.split(separator: " ")[1] == "0", "\(resident)")
    }
  }

  @Test("without a packed file there is nothing to note")
  func absent() throws {
    let copy = try Copy()
    #expect(try PackedFile(of: try Checkpoint(folder: copy.path)) == nil)
    #expect(try copy.open().model.assets.notes.isEmpty)
  }

  /// The possible faults of a packed file, and their failure codes.
  enum Fault: String, CaseIterable {
    case truncated, header, lengthOfHeader, contents, version, layout, plainSafetensors, source,
      empty

    var code: FailureCode {
      switch self {
      case .truncated, .header, .lengthOfHeader, .contents, .empty: .packDamaged
      case .version, .layout, .plainSafetensors: .packForeign
      case .source: .packStale
      }
    }
  }

  @Test(
    "a stale, damaged or foreign file is refused, and its model packed anew",
    arguments: Fault.allCases)
  func refused(_ fault: Fault) throws {
    let copy = try Copy()
    let before = contents(try copy.open())
    try copy.pack()
    func replace(_ text: String, by other: String) throws {
      try copy.edit { data in
        let range = try #require(data.range(of: Data(text.utf8)))
        data.replaceSubrange(range, with: Data(other.utf8))
      }
    }
    switch fault {
    case .truncated: try copy.edit { $0.removeLast(100) }
    case .header: try copy.edit { $0[20] = UInt8(ascii: "}") }
    case .lengthOfHeader:
      try copy.edit { $0.replaceSubrange(0..<8, with: [UInt8](repeating: 0xff, count: 8)) }
    case .contents: try copy.edit { $0[$0.count - 10] ^= 1 }
    case .version: try replace("\"illava_pack\":\"1\"", by: "\"illava_pack\":\"2\"")
    case .layout: try replace("group32", by: "group64")
    case .plainSafetensors:
      try FileManager.default.removeItem(atPath: copy.packed)
      try FileManager.default.copyItem(
        atPath: copy.path + "/model.safetensors", toPath: copy.packed)
    case .source:
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1_000_000)],
        ofItemAtPath: copy.path + "/model.safetensors")
    case .empty: try Data().write(to: URL(filePath: copy.packed))
    }
    let failure = #expect(throws: Failure.self) {
      _ = try PackedFile(of: try Checkpoint(folder: copy.path))
    }
    #expect(failure?.code == fault.code)
    #expect(failure?.remedy != nil)
    let after = try copy.open()
    #expect(contents(after) == before)
    #expect(after.model.assets.weights.ownedBytes > 0)
    #expect(after.model.assets.notes.count == 1)
    #expect(after.model.assets.notes.first?.contains("packed anew") == true)
  }

  @Test("damage between the checked pages is found by reading everything")
  func verification() throws {
    let copy = try Copy()
    try copy.pack()
    let checkpoint = try Checkpoint(folder: copy.path)
    let file = try #require(try PackedFile(of: checkpoint))
    // The embedding has 464 × 64 weights and more: some byte of it lies outside the spots.
    let largest = try #require(
      file.names.compactMap { name in
        try? Safetensors(path: copy.packed).tensor(name)
      }.max { $0.bytes.count < $1.bytes.count })
    try #require(largest.bytes.count > 20_000)
    try copy.edit { $0[largest.range.lowerBound + 6000] ^= 0x40 }
    let damaged = try #require(try PackedFile(of: checkpoint))
    let failure = #expect(throws: Failure.self) { try damaged.verify() }
    #expect(failure?.code == .packDamaged)
  }

  @Test("a matrix of another shape is not taken from the file")
  func shapes() throws {
    let copy = try Copy()
    try copy.pack()
    let file = try #require(try PackedFile(of: try Checkpoint(folder: copy.path)))
    let name = "model.visual.blocks.0.attn.proj.weight"
    #expect(file.names.contains(name))
    for (outputs, inputs) in [(1, 1), (0, 0), (-1, 64), (1 << 39, 1 << 39), (Int.max, 2)] {
      #expect(file.weights(name, outputs: outputs, inputs: inputs) == nil)
    }
    #expect(file.weights("nothing", outputs: 64, inputs: 64) == nil)
  }
}
