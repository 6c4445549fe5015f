import Checkpoint
import Diagnostics
import Engine
import Foundation
import Options
import Testing

@testable import Models

/// A model of `Fixtures/gguf`, which llama.cpp's converter made from a checkpoint of the tests.
struct ConvertedModel: Sendable, CustomStringConvertible {
  let name: String
  /// The case whose checkpoint it was made from.
  let golden: String

  var description: String { name }
  var folder: String { Fixtures.path("gguf/\(name)") }

  static let all = [
    ConvertedModel(name: "qwen3vl", golden: "tiny-early-image-exact-mode3"),
    ConvertedModel(name: "qwen2vl", golden: "qwen2-vl/tiny-image-exact-mode3"),
    ConvertedModel(name: "qwen25vl", golden: "qwen2.5-vl/tiny-image-exact-mode3"),
    ConvertedModel(name: "internvl", golden: "internvl/tiny-llama-image-exact-mode3"),
    ConvertedModel(name: "qwen35", golden: "qwen3.5/tiny-tied-image-exact-mode3"),
  ]

  /// A folder with the model and the files that say how pictures are shown, which GGUF files do not.
  func beside() throws -> TemporaryPlace {
    let place = try TemporaryPlace()
    let checkpoint = Fixtures.path(try GoldenCase.named(golden).model)
    for name in [
      "preprocessor_config.json", "video_preprocessor_config.json", "processor_config.json",
    ]
    where FileManager.default.fileExists(atPath: checkpoint + "/" + name) {
      try place.link(name, to: checkpoint + "/" + name)
    }
    for name in ["model.gguf", "mmproj.gguf"] { try place.link(name, to: folder + "/" + name) }
    return place
  }
}

/// A folder for the files of one test, removed with the last reference.
final class TemporaryPlace {
  let path = FileManager.default.temporaryDirectory.path + "/illava-gguf-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func link(_ name: String, to target: String) throws {
    let link = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: URL(filePath: link).deletingLastPathComponent().path,
      withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
  }

  func write(_ name: String, _ text: String) throws {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: URL(filePath: file).deletingLastPathComponent().path,
      withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: file))
  }
}

@Suite("Models in GGUF")
struct GGUFModelTests {
  private func dump(
    _ place: ModelPlace, _ golden: GoldenCase, _ weights: WeightPrecision
  ) throws -> AnswerDump {
    let dump = AnswerDump()
    let session = try Session(place, options: ModelOptions(weights: weights), threads: 2)
    _ = try session.answer(try golden.request(), dump: dump)
    return dump
  }

  @Test(
    "a converted model answers as its checkpoint does, to the last bit of the logits",
    arguments: ConvertedModel.all, [WeightPrecision.f32, .int8])
  func answersAsTheCheckpoint(_ model: ConvertedModel, _ weights: WeightPrecision) throws {
    let golden = try GoldenCase.named(model.golden)
    let folder = try model.beside()
    let expected = try dump(ModelPlace(Fixtures.path(golden.model)), golden, weights)
    let found = try dump(ModelPlace(folder.path + "/model.gguf"), golden, weights)
    for name in [
      "input_ids", "generated", "survivors.0", "vit_counts", "kv_lengths", "position_ids",
    ] {
      #expect(found.integers(name) == expected.integers(name), "\(name)")
    }
    #expect(found.floats("pixel_values") == expected.floats("pixel_values"))
    let logits = try #require(expected.floats("logits"))
    let own = try #require(found.floats("logits"))
    if model.name == "qwen35" {
      // The converter stores -exp(A_log), whose logarithm is A_log but for the last bits.
      let distance = zip(logits, own).map { abs($0 - $1) }.max() ?? .infinity
      #expect(logits.count == own.count && distance <= 1e-4)
    } else {
      #expect(own == logits)
    }
  }

  @Test("a folder with one model in GGUF is that model", arguments: ConvertedModel.all)
  func folders(_ model: ConvertedModel) throws {
    let checkpoint = try ModelPlace(model.folder).open()
    #expect(checkpoint.folderPath == model.folder + "/model.gguf")
    #expect(checkpoint.gguf?.projector?.path == model.folder + "/mmproj.gguf")
    let inspection = ModelInspection(model.folder)
    #expect(inspection.failure == nil)
    #expect(inspection.storedTypes.first?.type == "BF16")
    #expect(inspection.needs.count == WeightPrecision.allCases.count)
  }

  @Test("what a model takes is known without loading it", arguments: ConvertedModel.all)
  func outlines(_ model: ConvertedModel) throws {
    let checkpoint = try ModelPlace(model.folder).open()
    let files = ModelFiles(checkpoint)
    for weights in WeightPrecision.allCases {
      let options = ModelOptions(weights: weights)
      let predicted = try ModelRegistry.weightBytes(files, of: checkpoint, options: options)
      let loaded = try ModelRegistry.load(files, of: checkpoint, options: options)
      #expect(loaded.assets.weights.bytes == predicted)
    }
  }

  @Test func packedWeightsLieBesideTheFile() throws {
    let model = ConvertedModel.all[1]
    let folder = try model.beside()
    let place = ModelPlace(folder.path + "/model.gguf")
    let checkpoint = try place.open()
    var options = ModelOptions(weights: .int8)
    options.usesPackedFile = false
    let packed = try ModelRegistry.load(checkpoint, options: options).assets.weights.packed
    let path = try PackedFile.write(packed, of: checkpoint)
    #expect(path == folder.path + "/model.illava-int8.pack")
    #expect(try PackedFile(of: checkpoint)?.names.count == packed.count)
    let golden = try GoldenCase.named(model.golden)
    let before = try dump(ModelPlace(model.folder), golden, .int8)
    let after = try dump(place, golden, .int8)
    #expect(before.integers("generated") == after.integers("generated"))
    #expect(
      try Session(place, options: ModelOptions(weights: .int8)).model.assets.weights.ownedBytes
        < 200_000)
  }

  @Test func projectorsAreFoundBesideTheModelOrNamed() throws {
    let place = try TemporaryPlace()
    let (right, wrong) = (ConvertedModel.all[0], ConvertedModel.all[1])
    try place.link("x-Q4_K_M.gguf", to: right.folder + "/model.gguf")
    let model = ModelPlace(place.path + "/x-Q4_K_M.gguf")
    expect(.modelProjector, "no projector beside it") { _ = try model.open() }
    try place.link("mmproj-other.gguf", to: wrong.folder + "/mmproj.gguf")
    expect(.modelProjector, "mmproj-other.gguf is of another model") { _ = try model.open() }
    try place.link("mmproj-x-F16.gguf", to: right.folder + "/mmproj.gguf")
    #expect(try model.open().gguf?.projector?.path.hasSuffix("mmproj-x-F16.gguf") == true)
    // Of one release in several types the most exact.
    try place.link("mmproj-x-BF16.gguf", to: right.folder + "/mmproj.gguf")
    #expect(try model.open().gguf?.projector?.path.hasSuffix("mmproj-x-BF16.gguf") == true)
    try place.link("mmproj-y-F16.gguf", to: right.folder + "/mmproj.gguf")
    expect(.modelProjector, "3 projectors beside it") { _ = try model.open() }
    let named = ModelPlace(model.name, projector: place.path + "/mmproj-y-F16.gguf")
    #expect(try named.open().gguf?.projector?.path == named.projector)
    let foreign = ModelPlace(model.name, projector: wrong.folder + "/mmproj.gguf")
    expect(.modelFamily, "“qwen2vl_merger”") { _ = try foreign.open() }
  }

  @Test func whatIsNoModelIsRefusedByName() throws {
    let folder = ConvertedModel.all[0].folder
    expect(.modelProjector, "a projector (mmproj), not a model") {
      _ = try ModelPlace(folder + "/mmproj.gguf").open()
    }
    expect(.modelProjector, "is a folder") {
      _ = try ModelPlace(Fixtures.path("tiny-early"), projector: folder + "/mmproj.gguf").open()
    }
    expect(.checkpointFileMissing, "none.gguf") {
      _ = try ModelPlace(folder + "/none.gguf").open()
    }
  }

  @Test func modelsOfOllamaAreFoundByTheirManifests() throws {
    let place = try TemporaryPlace()
    let folder = ConvertedModel.all[0].folder
    let (model, projector) = (String(repeating: "a", count: 64), String(repeating: "b", count: 64))
    try place.link("blobs/sha256-\(model)", to: folder + "/model.gguf")
    try place.link("blobs/sha256-\(projector)", to: folder + "/mmproj.gguf")
    try place.write(
      "manifests/registry.ollama.ai/library/qwen3-vl/2b",
      """
      {"schemaVersion": 2, "layers": [
        {"mediaType": "application/vnd.ollama.image.license", "digest": "sha256:00"},
        {"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:\(model)"},
        {"mediaType": "application/vnd.ollama.image.projector", "digest": "sha256:\(projector)"}]}
      """)
    try place.write("manifests/registry.ollama.ai/library/bad/latest", "{\"layers\": [")
    let environment = ["OLLAMA_MODELS": place.path]
    let found = try OllamaModel("qwen3-vl:2b", environment: environment)
    #expect(found.text == place.path + "/blobs/sha256-\(model)")
    #expect(found.projector == place.path + "/blobs/sha256-\(projector)")
    let checkpoint = try ModelPlace(found.text, projector: found.projector).open()
    #expect(checkpoint.configuration.count > 100)
    expect(.modelOllama, "no model “qwen3-vl” there") {
      _ = try OllamaModel("qwen3-vl", environment: environment)
    }
    expect(.modelOllama, "bad/latest") { _ = try OllamaModel("bad", environment: environment) }
    for name in ["", "../x", "a/b/c/d", "a:", "a:../b", "a b"] {
      expect(.modelOllama, "is no name") { _ = try OllamaModel(name, environment: environment) }
    }
  }

  private func expect(
    _ code: FailureCode, _ words: String, at location: SourceLocation = #_sourceLocation,
    _ body: () throws -> Void
  ) {
    let failure = #expect(throws: Failure.self, sourceLocation: location) { try body() }
    #expect(failure?.code == code, sourceLocation: location)
    #expect(
      failure?.message.contains(words) == true, "\(failure?.message ?? "")",
      sourceLocation: location)
    #expect(failure?.remedy != nil, sourceLocation: location)
  }
}
