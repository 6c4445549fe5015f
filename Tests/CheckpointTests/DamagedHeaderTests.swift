@preconcurrency import Glibc

import Checkpoint
import Diagnostics
import Testing

@Suite struct DamagedHeaderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func expect(
    _ code: FailureCode, _ bytes: [UInt8], naming words: [String] = [],
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let path = try folder.write("bad.safetensors", bytes)
    expectFailure(code, naming: [path] + words, at: location) {
      () throws(Failure) in _ = try Safetensors(path: path)
    }
  }

  private func expect(
    _ code: FailureCode, header: String, data: Int = 0, naming words: [String] = [],
    at location: SourceLocation = #_sourceLocation
  ) throws {
    try expect(
      code, safetensors(header: header, data: [UInt8](repeating: 0, count: data)), naming: words,
      at: location)
  }

  private func tensor(_ name: String, _ shape: String, _ offsets: String) -> String {
    #""\#(name)":{"dtype":"F32","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  @Test(arguments: 0..<8) func refusesAFileShorterThanTheLength(count: Int) throws {
    try expect(.checkpointHeaderTruncated, [UInt8](repeating: 0, count: count))
  }

  @Test func refusesAHeaderBeyondTheFile() throws {
    try expect(.checkpointHeaderTruncated, [3, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8))
    try expect(.checkpointHeaderTruncated, [0x00, 0xE1, 0xF5, 0x05, 0, 0, 0, 0] + Array("{}".utf8))
  }

  @Test func refusesAHeaderOver100MB() throws {
    try expect(.checkpointHeaderTooLarge, [0x01, 0xE1, 0xF5, 0x05, 0, 0, 0, 0] + Array("{}".utf8))
    try expect(.checkpointHeaderTooLarge, [UInt8](repeating: 0xFF, count: 64))
    try expect(.checkpointHeaderTooLarge, [0, 0, 0, 0, 0, 0, 0, 0x80])
  }

  @Test func refusesMoreTensorsThanAnyModelHas() throws {
    let tensors = (0...100_000).map { tensor("\($0)", "[0]", "[0,0]") }
    try expect(
      .checkpointHeaderTooLarge, header: "{\(tensors.joined(separator: ","))}",
      naming: ["more than 100000 tensors"])
    let entries = (0...100_000).map { "\"\($0)\":\"\"" }.joined(separator: ",")
    try expect(
      .checkpointHeaderTooLarge, header: "{\"__metadata__\":{\(entries)}}",
      naming: ["more than 100000 entries"])
  }

  @Test func tellsAGitLFSPointerFromADamagedFile() throws {
    try expect(
      .checkpointLFSPointer,
      Array("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n".utf8))
  }

  @Test(arguments: [
    "", " {}", "[]", "null", "7", #""text""#, "{", "{}x", "{}{}", #"{"a"}"#, #"{"a":}"#,
    #"{"a":{"x":1"#, #"{"a":{"dtype":"F32",}}"#, "{,}", #"{'a':{}}"#, #"{"a\q":{}}"#,
    #"{"a\ud800":{}}"#, #"{"a\ud800\u0041":{}}"#, #"{"a\u12g4":{}}"#, #"{"a\u"#, #"{"a\"#,
    #"{"a":[]}"#, #"{"a":5}"#, "{\"a\nb\":{}}", #"{"a":{"dtype":7}}"#, #"{"a":{"x":01}}"#,
    #"{"a":{"x":1.}}"#, #"{"a":{"x":-}}"#, #"{"a":{"x":nul}}"#, #"{"a":{"x":[1,]}}"#,
    #"{"a":{"x":[1}}"#, #"{"__metadata__":{"a":1}}"#, #"{"__metadata__":[]}"#, "{}\0",
  ])
  func refusesWhatIsNotAJSONObject(header: String) throws {
    try expect(.checkpointHeaderNotJSON, header: header)
  }

  @Test func refusesBytesThatAreNotUTF8() throws {
    let text: [UInt8] = Array(#"{"a"#.utf8) + [0xC3, 0x28] + Array(#"":{}}"#.utf8)
    try expect(.checkpointHeaderNotUTF8, [UInt8(text.count), 0, 0, 0, 0, 0, 0, 0] + text)
  }

  @Test func refusesRepeatedNames() throws {
    let first = tensor("twin", "[1]", "[0,4]")
    try expect(
      .checkpointHeaderDuplicate, header: "{\(first),\(tensor("twin", "[1]", "[4,8]"))}", data: 8,
      naming: ["'twin'"])
    try expect(
      .checkpointHeaderDuplicate, header: #"{\#(first),"tw\u0069n":{}}"#, data: 4,
      naming: ["'twin'"])
    try expect(
      .checkpointHeaderDuplicate, header: #"{"__metadata__":{},"__metadata__":{}}"#)
    try expect(
      .checkpointHeaderDuplicate, header: #"{"__metadata__":{"k":"1","k":"2"}}"#, naming: ["'k'"])
    for field in [#""dtype":"F32""#, #""shape":[1]"#, #""data_offsets":[0,4]"#] {
      let header =
        #"{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4],\#(field)}}"#
      try expect(.checkpointHeaderDuplicate, header: header, data: 4, naming: ["'t'"])
    }
  }

  @Test func refusesUnknownAndMissingTypes() throws {
    for type in ["F31", "f32", "", "FLOAT"] {
      try expect(
        .checkpointTensorType,
        header: #"{"t":{"dtype":"\#(type)","shape":[],"data_offsets":[0,4]}}"#,
        data: 4, naming: ["'t'", "'\(type)'"])
    }
    try expect(.checkpointTensorType, header: #"{"t":{"shape":[],"data_offsets":[0,4]}}"#, data: 4)
  }

  @Test(arguments: [
    "[-1]", "[1.0]", "[1e0]", "[1.5]", #"["1"]"#, "[null]", "[[1]]", "7", "null", #""1""#, "[01]",
    "[9223372036854775808]", "[99999999999999999999999999]", "[-0]", "[true]", "{}",
  ])
  func refusesExtentsThatAreNotWholeNumbers(shape: String) throws {
    try expect(
      .checkpointTensorShape, header: "{\(tensor("odd", shape, "[0,4]"))}", data: 4,
      naming: ["'odd'"])
  }

  @Test func refusesTooManyExtents() throws {
    let ones = Array(repeating: "1", count: 65).joined(separator: ",")
    try expect(.checkpointTensorShape, header: "{\(tensor("t", "[\(ones)]", "[0,4]"))}", data: 4)
    try expect(
      .checkpointTensorShape, header: #"{"t":{"dtype":"F32","data_offsets":[0,4]}}"#, data: 4)
  }

  @Test(arguments: [
    "[-4,0]", "[0,-4]", "[4,0]", "[0.0,4]", "[0,4.0]", "[0]", "[]", "[0,4,8]", "null", "4",
    "[0,18446744073709551616]", #"["0","4"]"#,
  ])
  func refusesOffsetsThatAreNoRange(offsets: String) throws {
    try expect(
      .checkpointTensorOffsets, header: "{\(tensor("odd", "[1]", offsets))}", data: 4,
      naming: ["'odd'"])
  }

  @Test func refusesSizesThatDoNotFitTheShape() throws {
    for offsets in ["[0,0]", "[0,3]", "[0,5]", "[0,8]", "[0,9223372036854775807]"] {
      try expect(
        .checkpointTensorSize, header: "{\(tensor("odd", "[1]", offsets))}", data: 8,
        naming: ["'odd'"])
    }
    let overflowing = [
      "[9223372036854775807]", "[4294967296,4294967296]", "[4294967296,4294967296,0]",
      "[2305843009213693952]", "[288230376151711744]",
    ]
    for shape in overflowing {
      try expect(
        .checkpointTensorSize, header: "{\(tensor("odd", shape, "[0,0]"))}", naming: ["'odd'"])
    }
    // Three elements of four bits end in the middle of a byte.
    try expect(
      .checkpointTensorSize, header: #"{"odd":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}"#,
      data: 2)
  }

  @Test func refusesDataBeyondTheFile() throws {
    try expect(
      .checkpointTruncated, header: "{\(tensor("cut", "[2]", "[0,8]"))}", data: 7, naming: ["'cut'"]
    )
    try expect(
      .checkpointTruncated, header: "{\(tensor("cut", "[0]", "[4,4]"))}", data: 3, naming: ["'cut'"]
    )
    let top = "[9223372036854775803,9223372036854775807]"
    try expect(
      .checkpointTruncated, header: "{\(tensor("cut", "[1]", top))}", data: 4, naming: ["'cut'"])
  }

  @Test func refusesOverlaps() throws {
    let left = tensor("left", "[2]", "[0,8]")
    for offsets in ["[0,8]", "[4,12]"] {
      try expect(
        .checkpointOverlap, header: "{\(left),\(tensor("right", "[2]", offsets))}", data: 12,
        naming: ["'left'", "'right'"])
    }
    try expect(.checkpointOverlap, header: "{\(left),\(tensor("dot", "[0]", "[4,4]"))}", data: 8)
  }

  @Test func refusesHolesAndTrailingData() throws {
    try expect(.checkpointGap, header: "{\(tensor("t", "[1]", "[4,8]"))}", data: 8, naming: ["'t'"])
    try expect(
      .checkpointGap, header: "{\(tensor("a", "[1]", "[0,4]")),\(tensor("b", "[1]", "[5,9]"))}",
      data: 9,
      naming: ["'b'"])
    try expect(
      .checkpointTrailingData, header: "{\(tensor("t", "[1]", "[0,4]"))}", data: 5, naming: ["'t'"])
    try expect(.checkpointTrailingData, header: "{}", data: 1)
  }

  @Test(arguments: ["[", #"{"a":"#, #"[{"a":"#]) func survivesNestingBombs(open: String) throws {
    let bomb = String(repeating: open, count: 200_000)
    try expect(.checkpointHeaderTooDeep, header: #"{"t":{"x":\#(bomb)"#)
    // An object in the place of a tensor is one, with a field that is nested too deep.
    try expect(
      open.hasPrefix("{") ? .checkpointHeaderTooDeep : .checkpointHeaderNotJSON,
      header: #"{"t":\#(bomb)"#)
    try expect(.checkpointTensorShape, header: #"{"t":{"shape":[\#(bomb)"#)
  }

  @Test func shortensNamesInMessages() throws {
    let name = String(repeating: "x", count: 100_000)
    let path = try folder.write(
      "t", header: "{\(tensor(name, "[1]", "[4,0]"))}", data: [0, 0, 0, 0])
    let failure = #expect(throws: Failure.self) { try Safetensors(path: path) }
    #expect((failure?.message.count ?? 0) < 1000)
    try expect(
      .checkpointTensorOffsets, header: "{\(tensor(#"\u001b[31m"#, "[1]", "[4,0]"))}", data: 4,
      naming: [#"'\u{1b}[31m'"#])
  }

  @Test func refusesWhatIsNotARegularFile() throws {
    let fifo = folder.path("fifo")
    #expect(mkfifo(fifo, 0o600) == 0)
    for path in [fifo, folder.path, "/dev/null"] {
      expectFailure(.checkpointNotAFile, naming: [path]) { () throws(Failure) in
        _ = try Safetensors(path: path)
      }
    }
  }

  @Test func saysThatAFileIsMissing() {
    expectFailure(.checkpointFileMissing, .missingInput, naming: [folder.path("no")]) {
      () throws(Failure) in _ = try Safetensors(path: folder.path("no"))
    }
  }
}
