import Basics
import Checkpoint
import Diagnostics
import Engine
import Foundation
import Media
import Models
import Options
import Report
import Testing

@Suite("What a model folder is")
struct ModelInspectionTests {
  private static let checkpoints = [
    ("tiny-early", "Qwen3-VL"), ("qwen2-vl/tiny", "Qwen2-VL"),
    ("qwen2-vl/tiny-nested", "Qwen2-VL"), ("qwen2.5-vl/tiny", "Qwen2.5-VL"),
    ("qwen2.5-vl/tiny-nested", "Qwen2.5-VL"), ("internvl/tiny", "InternVL"),
    ("internvl/tiny-llama", "InternVL"), ("llava-onevision/tiny", "LLaVA-OneVision"),
    ("llava-onevision/tiny-nested", "LLaVA-OneVision"),
  ]

  @Test("family, sizes and numbers of both parts are those of the files", arguments: checkpoints)
  func sizes(_ name: String, _ family: String) throws {
    let found = ModelInspection(Fixtures.path(name))
    #expect(found.failure == nil)
    let outline = try #require(found.outline)
    #expect(outline.family == family)
    let checkpoint = try Checkpoint(folder: Fixtures.path(name))
    var counts = [false: 0, true: 0]
    for name in checkpoint.names where !name.contains("post_layernorm") {
      let isText =
        name.contains("language_model") || name.contains("lm_head")
        || ["model.layers", "model.embed_tokens", "model.norm"].contains(where: name.hasPrefix)
      counts[isText, default: 0] += checkpoint.tensor(name)?.shape.reduce(1, *) ?? 0
    }
    let parameters = outline.weights.parameters
    #expect(parameters.text == counts[true] && parameters.vision == counts[false])
    #expect(parameters.hasOutput == checkpoint.names.contains { $0.contains("lm_head") })
    #expect(found.storedTensors == checkpoint.names.count)
    #expect(found.storedTypes.reduce(0) { $0 + $1.bytes } == checkpoint.totalBytes)
  }

  @Test("what it needs is what is planned once it is loaded", arguments: checkpoints)
  func needs(_ name: String, _ family: String) throws {
    let needs = ModelInspection(Fixtures.path(name)).needs
    #expect(needs.map(\.precision) == [.bf16, .f32, .int8, .int4])
    let checkpoint = try Checkpoint(folder: Fixtures.path(name))
    for need in needs {
      let options = ModelOptions(weights: need.precision)
      let loaded = try ModelRegistry.load(checkpoint, options: options)
      #expect(need.weights == loaded.assets.weights.bytes)
      let outline = try ModelRegistry.outline(
        ModelFiles(checkpoint), of: checkpoint, options: options)
      var work = WorkShape(textTokens: 20, newTokens: 9)
      work.add(try loaded.layout(of: PictureNeeds.picture, maxPixels: nil), frames: 1)
      let merging = try loaded.resolve(Request(prompt: "").merging)
      let cost = loaded.cost.memory(of: work, merging: merging, threads: 2)
      #expect(outline.cost.memory(of: work, merging: merging, threads: 2) == cost)
      #expect(need.predicted > cost.peak)
    }
  }

  @Test("the words fit into 80 columns, and JSON has the same facts", arguments: checkpoints)
  func document(_ name: String, _ family: String) throws {
    let document = ModelDocument(ModelInspection(Fixtures.path(name)))
    let lines = document.lines(width: 80)
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines)")
    #expect(lines.first?.contains("\(family) (") == true)
    #expect(lines.suffix(4).map { $0.prefix(4) } == ["bf16", "f32 ", "int8", "int4"])
    let json =
      try JSONSerialization.jsonObject(
        with: Data(try JSONText.encode(document).utf8)) as? [String: Any]
    #expect(json?["family"] as? String == family)
    #expect(json?["runnable"] as? Bool == true)
    #expect((json?["memory"] as? [Any])?.count == 4)
    #expect(((json?["picture"] as? [String: Any])?["tokens"] as? Int ?? 0) > 0)
  }

  /// A folder that cannot be opened: how it is made from a sound one, and words of what is said about it.
  struct Unusable: Sendable, CustomTestStringConvertible {
    let code: FailureCode
    let words: [String]
    let make: @Sendable (EditedCheckpoint) throws -> String

    var testDescription: String { words[0] }

    init(
      _ code: FailureCode, _ words: String...,
      make: @escaping @Sendable (EditedCheckpoint) throws -> String
    ) {
      self.code = code
      self.words = words
      self.make = make
    }

    /// Empties a folder and writes these files.
    static func only(_ names: [String], in folder: EditedCheckpoint) throws -> String {
      let files = FileManager.default
      for name in try files.contentsOfDirectory(atPath: folder.path) where !names.contains(name) {
        try files.removeItem(atPath: folder.path + "/" + name)
      }
      for name in names where !files.fileExists(atPath: folder.path + "/" + name) {
        try Data("{}".utf8).write(to: URL(filePath: folder.path + "/" + name))
      }
      return folder.path
    }
  }

  private static let unusable: [Unusable] = [
    Unusable(.checkpointConfigMissing, "an empty folder") { try Unusable.only([], in: $0) },
    Unusable(.checkpointFolderMissing, "no such folder") { $0.path + "/none" },
    Unusable(.checkpointNotAFolder, "not a folder") { $0.path + "/config.json" },
    Unusable(.checkpointHeaderTruncated, "model-Q4_K_M.gguf: the header goes on") {
      try Unusable.only(["model-Q4_K_M.gguf"], in: $0) + "/model-Q4_K_M.gguf"
    },
    Unusable(.checkpointWeightsFormat, "mmproj.GGUF: in GGUF", "NAME.gguf") {
      try Unusable.only(["mmproj.GGUF"], in: $0)
    },
    Unusable(.checkpointHeaderTruncated, "/model.gguf: the header goes on") {
      try Unusable.only(["config.json", "model.gguf"], in: $0)
    },
    Unusable(.checkpointAdapter, "adapter_config.json", "merge_and_unload") {
      try Unusable.only(["adapter_config.json", "adapter_model.safetensors"], in: $0)
    },
    Unusable(.checkpointAdapter, "an adapter") {
      try Unusable.only(["config.json", "adapter_config.json"], in: $0)
    },
    Unusable(.checkpointShardMissing, "4 of 4 files are missing") {
      try Unusable.only(["config.json", "model.safetensors.index.json"], in: $0)
    },
    Unusable(.checkpointShardMissing, "1 of 4 files are missing", "00002") {
      try FileManager.default.removeItem(atPath: $0.path + "/model-00002-of-00004.safetensors")
      return $0.path
    },
    Unusable(.checkpointWeightsMissing, "neither model.safetensors nor", "packed") {
      try Unusable.only(["config.json", "illava-int8.pack"], in: $0)
    },
    Unusable(.checkpointConfigMissing, "the folder of a version", "/snapshots/0123abc") {
      let path = try Unusable.only([], in: $0)
      try FileManager.default.createDirectory(
        atPath: path + "/snapshots/0123abc", withIntermediateDirectories: true)
      return path
    },
    Unusable(.modelQuantized, "quantized (AWQ)", "in bf16") {
      try $0.set("quantization_config", #"{"quant_method": "awq"}"#)
      return $0.path
    },
    Unusable(.modelQuantized, "quantized (bitsandbytes)", "-bnb-4bit") {
      try $0.set("quantization_config", #"{"quant_method": "bitsandbytes"}"#)
      return $0.path
    },
    Unusable(.modelFamily, "“qwen2_5_vll” cannot be run", "the nearest is qwen2_5_vl") {
      try $0.set("model_type", #""qwen2_5_vll""#)
      return $0.path
    },
    Unusable(.modelFamily, "names no image encoder (vision_config)") {
      try $0.edit("config.json") {
        $0["model_type"] = "qwen2"
        $0["vision_config"] = nil
      }
      return $0.path
    },
  ]

  @Test("a folder that cannot be opened gets the error that opening it gives", arguments: unusable)
  func refused(_ folder: Unusable) throws {
    let checkpoint = try EditedCheckpoint("qwen2.5-vl/tiny")
    let path = try folder.make(checkpoint)
    let found = ModelInspection(path)
    let failure = try #require(found.failure)
    #expect(failure.code == folder.code)
    for words in folder.words { #expect("\(failure)".contains(words), "\(failure)") }
    #expect(throws: failure) { try Session(modelFolder: path) }
    let document = ModelDocument(found)
    #expect(document.lines(width: 80).first?.hasSuffix("cannot be run") == true)
    let json =
      try JSONSerialization.jsonObject(
        with: Data(try JSONText.encode(document).utf8)) as? [String: Any]
    #expect(json?["runnable"] as? Bool == false)
    #expect((json?["failure"] as? [String: Any])?["code"] as? String == folder.code.rawValue)
  }

  @Test("a packed file is named, and a note says where it is out of date")
  func packed() throws {
    let folder = try EditedCheckpoint("tiny-late")
    var options = ModelOptions(weights: .int8)
    options.usesPackedFile = false
    let checkpoint = try Checkpoint(folder: folder.path)
    let packed = try ModelRegistry.load(checkpoint, options: options).assets.weights.packed
    try PackedFile.write(packed, of: checkpoint)
    var lines = ModelDocument(ModelInspection(folder.path)).lines(width: 80)
    #expect(lines.contains { $0.hasPrefix("packed ") })
    #expect(!lines.contains { $0.hasPrefix("note ") })
    try folder.rewrite { [$0] }
    lines = ModelDocument(ModelInspection(folder.path)).lines(width: 80)
    #expect(lines.contains { $0.hasPrefix("note ") }, "\(lines)")
  }
}
