import Checkpoint
import Diagnostics
import Testing

@Suite struct GGUFFilesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(
    _ name: String, _ tensor: String, number: UInt16? = nil, of count: UInt16 = 2, total: UInt16 = 2
  ) throws {
    var file = GGUFBytes()
    file.key("general.name", name)
    if let number {
      file.key("split.no", number)
      file.key("split.count", count)
      file.key("split.tensors.count", total)
    }
    file.tensor(tensor, [8], at: 0)
    file.data = [UInt8](repeating: UInt8(tensor.utf8.first ?? 0), count: 32)
    try folder.write(name, file.bytes)
  }

  @Test func opensASingleFile() throws {
    try write("x.gguf", "a")
    let files = try GGUFFiles(path: folder.path("x.gguf"))
    #expect(files.names == ["a"])
    #expect(files.files.count == 1)
  }

  @Test func opensAllFilesOfASplitModelFromAny() throws {
    try write("x-00001-of-00002.gguf", "a", number: 0)
    try write("x-00002-of-00002.gguf", "b", number: 1)
    for name in ["x-00001-of-00002.gguf", "x-00002-of-00002.gguf"] {
      let files = try GGUFFiles(path: folder.path(name))
      #expect(files.names == ["a", "b"])
      #expect(files.totalBytes == 64)
      #expect(try files.metadata.text("general.name") == "x-00001-of-00002.gguf")
      #expect(files.tensor("b")?.bytes.first == UInt8(ascii: "b"))
    }
  }

  @Test func namesMissingFiles() throws {
    try write("x-00002-of-00003.gguf", "b", number: 1, of: 3)
    expectFailure(
      .checkpointShardMissing, naming: ["2 of 3", "x-00001-of-00003.gguf", "x-00003-of-00003.gguf"]
    ) { () throws(Failure) in _ = try GGUFFiles(path: folder.path("x-00002-of-00003.gguf")) }
  }

  @Test func refusesFilesThatDoNotBelongTogether() throws {
    func refuse(_ words: String, _ name: String = "x-00001-of-00002.gguf") {
      expectFailure(.checkpointGGUFSplit, naming: [words]) { () throws(Failure) in
        _ = try GGUFFiles(path: folder.path(name))
      }
    }
    try write("x-00001-of-00002.gguf", "a", number: 0)
    try write("x-00002-of-00002.gguf", "a", number: 1)
    refuse("'a' is in a file before")
    try write("x-00002-of-00002.gguf", "b", number: 0)
    refuse("file 1 of 2 by its contents, but 2 of 2 by its name")
    try write("x-00001-of-00002.gguf", "a", number: 0, total: 3)
    try write("x-00002-of-00002.gguf", "b", number: 1)
    refuse("2 tensors in all files, but it speaks of 3")
    // A part under another name.
    try write("y.gguf", "a", number: 0)
    refuse("file 1 of 2 by its contents, but 1 of 1 by its name", "y.gguf")
    try write("x-00001-of-01001.gguf", "a", number: 0)
    refuse("at most 1000", "x-00001-of-01001.gguf")
  }
}
