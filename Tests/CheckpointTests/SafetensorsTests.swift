import Checkpoint
import Diagnostics
import Testing

@Suite struct SafetensorsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func listsTensorsOfEveryTypeInFileOrder() throws {
    let header = #"""
      {"b":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"__metadata__":{"format":"pt"},
      "a":{"dtype":"BF16","shape":[2,1],"data_offsets":[8,12]},
      "c":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[13,14]},
      "d":{"dtype":"BOOL","shape":[],"data_offsets":[12,13]}}
      """#
    let file = try Safetensors(
      path: try folder.write("t.safetensors", header: header, data: Array(0..<14)))
    #expect(file.names == ["b", "a", "d", "c"])
    #expect(file.metadata == ["format": "pt"])
    #expect(file.totalBytes == 14)
    let entry = try #require(file.tensor("a"))
    #expect(entry.dtype == "BF16")
    #expect(entry.shape == [2, 1])
    #expect(entry.range == 8 + header.utf8.count + 8..<8 + header.utf8.count + 12)
    #expect(bytes(file, "a") == [8, 9, 10, 11])
    #expect(file.tensor("d")?.shape == [])
    #expect(file.tensor("nothing")?.name == nil)
  }

  @Test(arguments: [
    ("BOOL", 1), ("U8", 1), ("I8", 1), ("F8_E4M3", 1), ("F8_E5M2", 1), ("I16", 2), ("U16", 2),
    ("F16", 2), ("BF16", 2), ("I32", 4), ("U32", 4), ("F32", 4), ("F64", 8), ("I64", 8),
    ("U64", 8),
  ])
  func knowsTheSizeOfEveryType(dtype: String, size: Int) throws {
    let header = #"{"t":{"dtype":"\#(dtype)","shape":[3],"data_offsets":[0,\#(3 * size)]}}"#
    let path = try folder.write(
      "t", header: header, data: [UInt8](repeating: 1, count: 3 * size))
    #expect(try Safetensors(path: path).tensor("t")?.dtype == dtype)
  }

  @Test func readsAnEmptyFileAndEmptyTensors() throws {
    let none = try Safetensors(path: try folder.write("none", header: "{}"))
    #expect(none.names.isEmpty)
    let path = try folder.write(
      "empty",
      header: #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
        + #""e":{"dtype":"F32","shape":[0,7],"data_offsets":[4,4]}}  "#,
      data: [0, 0, 128, 63])
    let file = try Safetensors(path: path)
    #expect(file.tensor("e")?.shape == [0, 7])
    #expect(bytes(file, "e") == [])
  }

  @Test func readsEscapesInNames() throws {
    let path = try folder.write(
      "escapes",
      header: #"{"\u0061\n\"\\\/\ud83d\ude00é":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}"#,
      data: [7])
    #expect(try Safetensors(path: path).names == ["a\n\"\\/😀é"])
  }

  @Test func passesOverUnknownFieldsAndNullMetadata() throws {
    let path = try folder.write(
      "fields",
      header: #"{"__metadata__":null,"t":{"x":[{"y":[1.5e-3,-0,true,false,null,"s",{},[]]}],"#
        + #""dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
      data: [7])
    #expect(bytes(try Safetensors(path: path), "t") == [7])
  }

  @Test func staysMappedWhileAnEntryLives() throws {
    let path = try folder.write(
      "t", header: #"{"t":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, data: [3, 4])
    var file: Safetensors? = try Safetensors(path: path)
    let entry = try #require(file?.tensor("t"))
    file = nil
    withExtendedLifetime(entry.owner) { #expect(Array(entry.bytes) == [3, 4]) }
  }

  @Test func readsAHeaderOfAThousandTensorsQuickly() throws {
    let members = (0..<1000).map {
      #""model.language_model.layers.\#($0).self_attn.q_proj.weight":"#
        + #"{"dtype":"BF16","shape":[1],"data_offsets":[\#(2 * $0),\#(2 * $0 + 2)]}"#
    }
    let path = try folder.write(
      "t", header: "{\(members.joined(separator: ","))}", data: Array(repeating: 0, count: 2000))
    let start = ContinuousClock.now
    #expect(try Safetensors(path: path).names.count == 1000)
    // Under 0.2 s in a debug build with the other tests beside it.
    #expect(ContinuousClock.now - start < .seconds(5))
  }
}
