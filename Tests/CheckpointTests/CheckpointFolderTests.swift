@preconcurrency import Glibc

import Checkpoint
import Compute
import Diagnostics
import Testing

@Suite struct CheckpointFolderTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("config.json", #"{"model_type":"qwen3_vl"}"#)
  }

  private func expectRefusal(
    _ code: FailureCode, naming words: [String] = [],
    at location: SourceLocation = #_sourceLocation
  ) {
    let path = folder.path
    expectFailure(code, naming: [path] + words, at: location) {
      () throws(Failure) in _ = try Checkpoint(folder: path)
    }
  }

  private func expectRefusal(
    _ code: FailureCode, index: String, naming words: [String] = [],
    at location: SourceLocation = #_sourceLocation
  ) throws {
    try folder.write("model.safetensors.index.json", index)
    expectRefusal(code, naming: words, at: location)
  }

  private func floats(_ name: String) -> String {
    #"{"\#(name)":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
  }

  private func loadSingles(_ storage: WeightStorage) -> [Float] {
    withExtendedLifetime(storage.owner) {
      (0..<storage.count).map { index in
        switch storage.elementType {
        case .f32: storage.base.load(fromByteOffset: 4 * index, as: Float.self)
        case .f16: Float(storage.base.load(fromByteOffset: 2 * index, as: Float16.self))
        case .bf16:
          Float(
            bitPattern: UInt32(storage.base.load(fromByteOffset: 2 * index, as: UInt16.self)) << 16)
        }
      }
    }
  }

  @Test func opensASingleFileWithAllThreeTypes() throws {
    try folder.write(
      "model.safetensors",
      header: #"{"s":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"#
        + #""h":{"dtype":"F16","shape":[2],"data_offsets":[8,12]},"#
        + #""b":{"dtype":"BF16","shape":[2],"data_offsets":[12,16]}}  "#,
      // 1 and -2 in each encoding.
      data: [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0] + [0, 0x3C, 0, 0xC0] + [0x80, 0x3F, 0, 0xC0])
    let checkpoint = try Checkpoint(folder: folder.path + "/")
    #expect(checkpoint.names == ["s", "h", "b"])
    #expect(checkpoint.totalBytes == 16)
    #expect(checkpoint.contains("h") && !checkpoint.contains("x"))
    #expect(checkpoint.tensor("b")?.dtype == "BF16")
    #expect(String(decoding: checkpoint.configuration, as: UTF8.self).contains("qwen3_vl"))
    checkpoint.prefetch()
    for (name, shape, type) in [
      ("s", [1, 2], ElementType.f32), ("h", [2], .f16), ("b", [2], .bf16),
    ] {
      let weights = try checkpoint.weights(name, shape: shape)
      #expect(weights.elementType == type)
      #expect(weights.shape == shape)
      #expect(loadSingles(weights) == [1, -2])
    }
  }

  @Test func readsAlignedTensorsInPlaceAndCopiesOthers() throws {
    let members =
      #""a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
      + #""b":{"dtype":"BF16","shape":[2],"data_offsets":[1,5]},"#
      + #""c":{"dtype":"F32","shape":[1],"data_offsets":[5,9]}"#
    let data: [UInt8] = [9, 0x80, 0x3F, 0, 0xC0, 0, 0, 0x80, 0x3F]
    // All remainders of the header's length; the data moves with it.
    for padding in 0..<8 {
      let spaces = String(repeating: " ", count: padding)
      try folder.write("model.safetensors", header: "{\(members)}\(spaces)", data: data)
      let checkpoint = try Checkpoint(folder: folder.path)
      for (name, shape, values) in [("b", [2], [1, -2]), ("c", [1], [Float(1)])] {
        let weights = try checkpoint.weights(name, shape: shape)
        let address = Int(bitPattern: weights.base)
        #expect(address % weights.elementType.size == 0)
        #expect(loadSingles(weights) == values)
        let entry = try #require(checkpoint.tensor(name))
        let stored = Int(bitPattern: entry.bytes.baseAddress)
        #expect((address == stored) == (stored % weights.elementType.size == 0))
      }
    }
  }

  @Test func keepsWeightsMappedWithoutTheCheckpoint() throws {
    try folder.write(
      "model.safetensors", header: floats("w"), data: [0, 0, 0x80, 0x3F, 0, 0, 0, 0])
    let weights = try Checkpoint(folder: folder.path).weights("w", shape: [2])
    #expect(loadSingles(weights) == [1, 0])
  }

  @Test func opensShardsInTheOrderOfTheIndex() throws {
    try folder.write("s-1.safetensors", header: floats("a"), data: [UInt8](repeating: 0, count: 8))
    let two =
      #"{"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
      + #""extra":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#
    try folder.write("s-2.safetensors", header: two, data: [0, 0, 0x80, 0x3F, 0, 0, 0, 0])
    try folder.write(
      "model.safetensors.index.json",
      #"{"metadata":{"total_size":12,"deep":[{"x":1e3}]},"#
        + #""weight_map":{"b":"s-2.safetensors","a":"s-1.safetensors"}}"#)
    let checkpoint = try Checkpoint(folder: folder.path)
    #expect(checkpoint.names == ["b", "a"])
    #expect(checkpoint.totalBytes == 12)
    #expect(!checkpoint.contains("extra"))
    #expect(loadSingles(try checkpoint.weights("b", shape: [1])) == [1])
    #expect(loadSingles(try checkpoint.weights("a", shape: [2])) == [0, 0])
  }

  @Test func prefersTheSingleFileAndFollowsLinks() throws {
    try folder.write("blob", header: floats("w"), data: [UInt8](repeating: 0, count: 8))
    #expect(symlink("blob", folder.path("model.safetensors")) == 0)
    try folder.write("model.safetensors.index.json", "not read")
    #expect(try Checkpoint(folder: folder.path).names == ["w"])
  }

  @Test func namesWhatAModelAsksForInVain() throws {
    let path = try folder.write(
      "model.safetensors",
      header: #"{"model.layers.3.mlp.up_proj.weight":"#
        + #"{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]},"#
        + #""visual.blocks.3.mlp.weight":{"dtype":"F16","shape":[1],"data_offsets":[2,4]},"#
        + #""model.layers.4.mlp.up_proj.weight":"#
        + #"{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}"#, data: [0, 0, 0, 0])
    let checkpoint = try Checkpoint(folder: folder.path)
    let name = "model.layers.3.mlp.up_proj.weight"
    expectFailure(.checkpointTypeUnsupported, naming: [path, name, "F8_E4M3", "BF16"]) {
      () throws(Failure) in _ = try checkpoint.weights(name, shape: [2])
    }
    expectFailure(.checkpointShapeMismatch, naming: [path, name, "[2]", "[2, 7]"]) {
      () throws(Failure) in _ = try checkpoint.weights(name, shape: [2, 7])
    }
    let wanted = "model.language_model.layers.3.mlp.up_proj.weight"
    expectFailure(.checkpointTensorMissing, naming: [path, "'\(wanted)'"]) {
      () throws(Failure) in _ = try checkpoint.weights(wanted, shape: [2])
    }
    let failure = #expect(throws: Failure.self) { try checkpoint.weights(wanted, shape: [2]) }
    #expect(failure?.remedy?.contains("'\(name)'") == true)
    #expect(failure?.remedy?.contains("layers.4") == false)
    let other = #expect(throws: Failure.self) {
      try checkpoint.weights("lm_head.weight", shape: [])
    }
    #expect(other?.remedy?.contains("3 tensors") == true)
    let empty = try checkpoint.weights("model.layers.4.mlp.up_proj.weight", shape: [0])
    #expect(empty.count == 0)
  }

  @Test func saysWhatAFolderLacks() throws {
    let path = folder.path
    expectFailure(.checkpointFolderMissing, .missingInput, naming: ["\(path)/no"]) {
      () throws(Failure) in _ = try Checkpoint(folder: "\(path)/no")
    }
    expectFailure(.checkpointFolderMissing, .missingInput) { () throws(Failure) in
      _ = try Checkpoint(folder: "")
    }
    expectFailure(.checkpointNotAFolder, naming: ["\(path)/config.json"]) {
      () throws(Failure) in _ = try Checkpoint(folder: "\(path)/config.json")
    }
    expectRefusal(.checkpointWeightsMissing)
    try folder.write("pytorch_model.bin", [1])
    expectRefusal(.checkpointWeightsFormat, naming: ["pytorch_model.bin", "safetensors"])
    #expect(unlink(folder.path("config.json")) == 0)
    expectRefusal(.checkpointConfigMissing)
    #expect(mkfifo(folder.path("config.json"), 0o600) == 0)
    expectRefusal(.checkpointNotAFile, naming: ["config.json"])
  }

  @Test(arguments: [
    "/etc/passwd", "../s", "sub/s", "..", ".", "", #"a\u0000"#, #"..\/s"#,
    String(repeating: "s", count: 256),
  ])
  func refusesShardsOutsideTheFolder(shard: String) throws {
    try expectRefusal(
      .checkpointShardName, index: #"{"weight_map":{"w":"\#(shard)"}}"#, naming: ["'w'"])
  }

  @Test func refusesIndexesThatMakeNoSense() throws {
    try expectRefusal(.checkpointIndexNotJSON, index: "")
    try expectRefusal(.checkpointIndexNotJSON, index: "[]")
    try expectRefusal(.checkpointIndexNotJSON, index: #"{"weight_map":["s"]}"#)
    try expectRefusal(.checkpointIndexNotJSON, index: #"{"weight_map":{"w":1}}"#)
    try expectRefusal(.checkpointIndexNotJSON, index: #"{"weight_map":{"w":"s"}} x"#)
    try expectRefusal(.checkpointIndexEmpty, index: "{}")
    try expectRefusal(.checkpointIndexEmpty, index: #"{"weight_map":{}}"#)
    try expectRefusal(
      .checkpointIndexDuplicate, index: #"{"weight_map":{"w":"s","w":"t"}}"#, naming: ["'w'"])
    try expectRefusal(
      .checkpointIndexDuplicate, index: #"{"weight_map":{"w":"s"},"weight_map":{"v":"s"}}"#)
    try expectRefusal(
      .checkpointIndexTooDeep, index: #"{"metadata":"# + String(repeating: "[", count: 1_000_000))
  }

  @Test func refusesShardsThatDoNotHoldWhatTheIndexSays() throws {
    try expectRefusal(
      .checkpointShardMissing, index: #"{"weight_map":{"v":"s1","w":"s2"}}"#,
      naming: ["'s1'", "'s2'"])
    try folder.write("s1", header: floats("v"), data: [UInt8](repeating: 0, count: 8))
    try expectRefusal(
      .checkpointTensorNotInShard, index: #"{"weight_map":{"v":"s1","w":"s1"}}"#,
      naming: [folder.path("s1"), "'w'"])
    try folder.write("s2", header: floats("w"), data: [UInt8](repeating: 0, count: 7))
    try expectRefusal(
      .checkpointTruncated, index: #"{"weight_map":{"v":"s1","w":"s2"}}"#,
      naming: [folder.path("s2"), "'w'"])
    #expect(symlink("gone", folder.path("s3")) == 0)
    try folder.write("model.safetensors.index.json", #"{"weight_map":{"v":"s3"}}"#)
    expectFailure(.checkpointFileMissing, .missingInput, naming: ["s3"]) {
      () throws(Failure) in _ = try Checkpoint(folder: folder.path)
    }
  }

  @Test func readsSmallFilesOfTheFolderOnly() throws {
    try folder.write("model.safetensors", header: "{}")
    try folder.write("generation_config.json", "{}")
    let checkpoint = try Checkpoint(folder: folder.path)
    #expect(try checkpoint.json("generation_config.json")?.count == 2)
    #expect(try checkpoint.json("preprocessor_config.json") == nil)
    for name in ["../x", "", "/etc/passwd"] {
      expectFailure(.checkpointFileName, .fault) { () throws(Failure) in
        _ = try checkpoint.json(name)
      }
    }
    // A sparse file takes no room on the disk.
    try folder.write("huge.json", "")
    #expect(truncate(folder.path("huge.json"), 64 << 20 + 1) == 0)
    expectFailure(.checkpointFileTooLarge, naming: ["huge.json"]) { () throws(Failure) in
      _ = try checkpoint.json("huge.json")
    }
  }
}
