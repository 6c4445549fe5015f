import Checkpoint
import Diagnostics
import Testing

@Suite struct DamagedGGUFTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func expect(
    _ code: FailureCode, naming words: [String] = [], _ change: (inout GGUFBytes) -> Void,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    var file = GGUFBytes()
    file.data = [UInt8](repeating: 0, count: 64)
    change(&file)
    let path = try folder.write("x.gguf", file.bytes)
    expectFailure(code, naming: [path] + words, at: location) { () throws(Failure) in
      _ = try GGUFFile(path: path)
    }
  }

  @Test func opensASoundFile() throws {
    for version: UInt32 in [2, 3] {
      var file = GGUFBytes()
      file.version = version
      file.key("general.architecture", "none")
      file.tensor("b", [2, 3], at: 32)
      file.tensor("a", [8], at: 0)
      file.tensor("empty", [0], at: 64)
      file.data = [UInt8](repeating: 0, count: 64)
      let read = try GGUFFile(path: try folder.write("x.gguf", file.bytes))
      #expect(read.names == ["a", "b", "empty"])
      #expect(read.totalBytes == 56)
      #expect(read.tensor("b")?.shape == [3, 2])
    }
  }

  @Test func refusesOtherFilesAndVersions() throws {
    for (text, code): (String, FailureCode) in [
      ("", .checkpointHeaderTruncated), ("GGU", .checkpointHeaderTruncated),
      ("ggml 12345678901234567890", .checkpointGGUFVersion),
      ("GGUF", .checkpointHeaderTruncated),
      ("version https://git-lfs.github.com/spec/v1\n", .checkpointLFSPointer),
    ] {
      let path = try folder.write("x.gguf", text)
      expectFailure(code, naming: [path]) { () throws(Failure) in _ = try GGUFFile(path: path) }
    }
    try expect(.checkpointGGUFVersion, naming: ["version 1"]) { $0.version = 1 }
    try expect(.checkpointGGUFVersion, naming: ["version 4"]) { $0.version = 4 }
    try expect(.checkpointGGUFVersion, naming: ["big-endian"]) { $0.version = 3 << 24 }
    expectFailure(.checkpointFileMissing, .missingInput) { () throws(Failure) in
      _ = try GGUFFile(path: folder.path("none.gguf"))
    }
  }

  @Test func refusesCountsAndLengthsBeyondTheFile() throws {
    for count in [UInt64.max, 1 << 63, 1 << 40] {
      try expect(.checkpointHeaderTooLarge) { $0.tensorCount = count }
      try expect(.checkpointHeaderTooLarge) { $0.keyCount = count }
      try expect(.checkpointHeaderTooLarge) {
        $0.tensor("a", [count], at: 0); $0.tensorCount = count
      }
    }
    // Zeros behind the header are keys and tensors without a name, until one comes twice.
    for count: UInt64 in [1, 99_999] {
      try expect(.checkpointHeaderTruncated) {
        $0.keyCount = count
        $0.data = []
      }
      try expect(count == 1 ? .checkpointHeaderTruncated : .checkpointHeaderDuplicate) {
        $0.tensorCount = count
        $0.data = [UInt8](repeating: 0, count: count == 1 ? 0 : 64)
      }
    }
    try expect(.checkpointHeaderTruncated, naming: ["'k'"]) {
      $0.key("k", 8, GGUFBytes.little(UInt64(1 << 40)))
    }
    try expect(.checkpointHeaderTooLarge) { $0.key(String(repeating: "k", count: 65_536), "") }
    try expect(.checkpointHeaderTooLarge) {
      $0.tensor(String(repeating: "t", count: 1025), [1], at: 0)
    }
    // Lists: of numbers, of texts, of lists.
    for kind: UInt32 in [0, 4, 8, 9, 12] {
      for count in [UInt64(1 << 40), UInt64(Int.max)] {
        try expect(.checkpointHeaderTruncated, naming: ["'k'"]) {
          $0.key("k", 9, GGUFBytes.little(kind) + GGUFBytes.little(count))
        }
      }
    }
  }

  @Test func refusesMalformedValues() throws {
    try expect(.checkpointGGUFValue, naming: ["'k'", "13"]) { $0.key("k", 13, []) }
    try expect(.checkpointGGUFValue, naming: ["'k'", "99"]) {
      $0.key("k", 9, GGUFBytes.little(UInt32(99)) + GGUFBytes.little(UInt64(1)))
    }
    try expect(.checkpointGGUFValue, naming: ["'k'", "levels"]) {
      let nested = GGUFBytes.little(UInt32(9)) + GGUFBytes.little(UInt64(1))
      $0.key("k", 9, (0..<1000).flatMap { _ in nested })
    }
    try expect(.checkpointHeaderDuplicate, naming: ["'k'"]) {
      $0.key("k", "a")
      $0.key("k", "b")
    }
    for alignment: UInt16 in [0, 3, 48] {
      try expect(.checkpointGGUFValue, naming: ["general.alignment"]) {
        $0.key("general.alignment", alignment)
      }
    }
  }

  @Test func refusesMalformedTensors() throws {
    try expect(.checkpointTensorShape, naming: ["'a'"]) { $0.tensor("a", [1, 1, 1, 1, 1], at: 0) }
    try expect(.checkpointTensorType, naming: ["'a'", "4"]) { $0.tensor("a", [1], type: 4, at: 0) }
    // Rows that are not whole blocks, and sizes that overflow.
    try expect(.checkpointTensorSize, naming: ["'a'", "Q4_K"]) {
      $0.tensor("a", [32, 8], type: 12, at: 0)
    }
    try expect(.checkpointTensorSize) { $0.tensor("a", [1 << 40, 1 << 40], at: 0) }
    try expect(.checkpointTensorSize) { $0.tensor("a", [1 << 62], at: 0) }
    try expect(.checkpointTensorSize) { $0.tensor("a", [0, 1 << 40, 1 << 40], at: 0) }
    try expect(.checkpointTensorOffsets, naming: ["'a'"]) { $0.tensor("a", [1], at: 4) }
    try expect(.checkpointHeaderDuplicate, naming: ["'a'"]) {
      $0.tensor("a", [1], at: 0)
      $0.tensor("a", [1], at: 32)
    }
    try expect(.checkpointOverlap, naming: ["'a'", "'b'"]) {
      $0.tensor("a", [9], at: 0)
      $0.tensor("b", [1], at: 32)
    }
    try expect(.checkpointTruncated, naming: ["'a'"]) { $0.tensor("a", [17], at: 0) }
    try expect(.checkpointTruncated) { $0.tensor("a", [1], at: 1 << 62) }
    try expect(.checkpointTruncated) { $0.tensor("a", [1 << 60], at: (1 << 63) - 32) }
  }

  @Test func everyBeginningOfAFileIsRefused() throws {
    var file = GGUFBytes()
    file.key("general.architecture", "none")
    file.key(
      "list", 9, GGUFBytes.little(UInt32(8)) + GGUFBytes.little(UInt64(1)) + GGUFBytes.text("a"))
    file.tensor("a", [8], at: 0)
    file.data = [UInt8](repeating: 0, count: 32)
    let bytes = file.bytes
    for length in 0..<bytes.count {
      let path = try folder.write("x.gguf", Array(bytes.prefix(length)))
      #expect(throws: Failure.self) { try GGUFFile(path: path) }
    }
  }
}
