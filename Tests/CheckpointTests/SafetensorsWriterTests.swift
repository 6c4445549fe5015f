@preconcurrency import Glibc

import Checkpoint
import Compute
import Diagnostics
import FoundationEssentials
import Testing

@Suite struct SafetensorsWriterTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func contents() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test func writesWhatTheReaderReads() throws {
    var writer = SafetensorsWriter(metadata: ["format": "pt", "note": "a \"b\"\n\\\u{1}é"])
    try writer.add("mask", dtype: "BOOL", shape: [3], bytes: [1, 0, 1])
    try writer.add("ids", shape: [2, 1], [5, -6] as [Int64])
    try writer.add("logits/\"ü\"\t", shape: [3], [1.5, -0.0, .infinity] as [Float])
    try writer.add("half", elementType: .bf16, shape: [1], bytes: [0x80, 0x3F])
    try writer.add("none", shape: [0, 4], [] as [Float])
    let path = folder.path("out.safetensors")
    try writer.write(to: path)

    let file = try Safetensors(path: path)
    #expect(file.metadata == writer.metadata)
    #expect(Set(file.names) == Set(writer.names))
    #expect(bytes(file, "mask") == [1, 0, 1])
    #expect(bytes(file, "half") == [0x80, 0x3F])
    #expect(
      bytes(file, "ids") == [5, 0, 0, 0, 0, 0, 0, 0, 0xFA] + [UInt8](repeating: 255, count: 7))
    #expect(bytes(file, "logits/\"ü\"\t") == [0, 0, 0xC0, 0x3F, 0, 0, 0, 0x80, 0, 0, 0x80, 0x7F])
    #expect(file.tensor("none")?.shape == [0, 4])
    for name in file.names {
      let entry = try #require(file.tensor(name))
      let size = ["I64": 8, "F32": 4, "BF16": 2, "BOOL": 1][entry.dtype] ?? 0
      #expect(entry.range.lowerBound % size == 0, "\(name) is not aligned")
    }
    #expect(try contents() == ["out.safetensors"])
  }

  @Test func keepsTheOrderAndPadsTheHeaderWithSpaces() throws {
    for length in 1...8 {
      var writer = SafetensorsWriter()
      try writer.add(String(repeating: "z", count: length), shape: [1], [1] as [Float])
      try writer.add("a", shape: [1], [2] as [Float])
      let path = folder.path("out")
      try writer.write(to: path)
      let bytes = Array(try Data(contentsOf: URL(filePath: path)))
      let header = Int(bytes[0])
      #expect(header % 8 == 0)
      let text = String(decoding: bytes[8..<8 + header], as: UTF8.self)
      #expect(text.hasPrefix("{\"z") && text.contains("}}") && !text.contains("\0"))
      #expect(try Safetensors(path: path).names == writer.names)
    }
  }

  @Test func givesEqualFilesForEqualContents() throws {
    for name in ["one", "two"] {
      var writer = SafetensorsWriter(metadata: ["a": "1", "b": "2", "c": "3", "d": "4"])
      try writer.add("t", shape: [1], [1] as [Float])
      try writer.write(to: folder.path(name))
    }
    let one = try Data(contentsOf: URL(filePath: folder.path("one")))
    #expect(one == (try Data(contentsOf: URL(filePath: folder.path("two")))))
  }

  @Test func refusesTensorsThatDoNotAddUp() throws {
    var writer = SafetensorsWriter()
    try writer.add("t", shape: [], [1] as [Float])
    let attempts: [(String, String, [Int], Int)] = [
      ("t", "F32", [1], 4), ("u", "F32", [2], 4), ("u", "F31", [1], 4), ("u", "F32", [-1], 0),
      ("u", "U8", [Int.max, 2], 0), ("__metadata__", "U8", [1], 1),
      ("u", "U8", Array(repeating: 1, count: 65), 1),
    ]
    for (name, dtype, shape, count) in attempts {
      expectFailure(.checkpointWriteTensor, .fault, naming: ["'\(name)'"]) {
        () throws(Failure) in
        try writer.add(
          name, dtype: dtype, shape: shape, bytes: [UInt8](repeating: 0, count: count))
      }
    }
    #expect(writer.names == ["t"])
  }

  @Test func replacesAFileAndLeavesNothingBehindOnFailure() throws {
    var writer = SafetensorsWriter()
    try writer.add("t", shape: [1], [1] as [Float])
    let path = try folder.write("out", "old")
    try writer.write(to: path)
    #expect(try Safetensors(path: path).names == ["t"])
    expectFailure(.checkpointWriteFailed, .missingInput, naming: ["no/out"]) {
      () throws(Failure) in try writer.write(to: folder.path("no/out"))
    }
    for target in [folder.path, "/dev/null"] {
      expectFailure(.checkpointWriteTarget, .usage, naming: [target]) { () throws(Failure) in
        try writer.write(to: target)
      }
    }
    #expect(try contents() == ["out"])
  }
}
