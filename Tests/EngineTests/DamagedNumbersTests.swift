import Diagnostics
import Engine
import Foundation
import Models
import Testing

@Suite("Numbers of a model folder that cannot be")
struct DamagedNumbersTests {
  private func failure(
    _ checkpoint: String, _ file: String, _ key: String, _ value: String
  ) throws -> Failure? {
    let folder = try EditedCheckpoint(checkpoint)
    try folder.set(key, value, in: file)
    do {
      _ = try Session(modelFolder: folder.path, threads: 1)
      return nil
    } catch { return error }
  }

  @Test(
    "frame rates and numbers of frames are the fault of the file, not of the question",
    arguments: [
      ("fps", "0"), ("fps", "-1"), ("min_frames", "1000000000"), ("max_frames", "1000000000"),
      ("min_frames", "0"),
    ],
    [
      ("tiny-early", "video_preprocessor_config.json"),
      ("qwen2-vl/tiny", "preprocessor_config.json"),
    ])
  func frames(_ entry: (key: String, value: String), _ place: (String, String)) throws {
    let (checkpoint, file) = place
    let failure = try failure(checkpoint, file, entry.key, entry.value)
    #expect(failure?.code == .modelConfig && failure?.kind == .modelUnusable)
    #expect(failure?.message.contains(file) == true, "\(String(describing: failure))")
  }

  @Test(
    "colors that would give infinities are refused",
    arguments: [
      ("image_std", "[1e-44, 1, 1]"), ("image_std", "[0.5, 0.5, 1e30]"), ("image_std", "[0.5]"),
      ("image_mean", "[1e30, 0, 0]"), ("image_mean", "[0, -1, 0]"),
    ], ["tiny-early", "qwen2.5-vl/tiny", "internvl/tiny", "llava-onevision/tiny"])
  func colors(_ entry: (key: String, value: String), _ checkpoint: String) throws {
    let file = "preprocessor_config.json"
    let failure = try failure(checkpoint, file, entry.key, entry.value)
    #expect(failure?.code == .modelConfig)
    #expect(failure?.message.contains("\(file): image_mean and image_std must") == true)
  }

  @Test(
    "a rotary base below 1 and an epsilon that is not small are refused",
    arguments: [
      ("tiny-late", "text_config.rms_norm_eps"), ("qwen2-vl/tiny", "rope_theta"),
      ("qwen2.5-vl/tiny", "rms_norm_eps"), ("internvl/tiny", "text_config.rope_theta"),
      ("internvl/tiny-llama", "vision_config.layer_norm_eps"),
      ("llava-onevision/tiny", "vision_config.layer_norm_eps"),
    ], ["-1", "0", "1e-50", "1e39"])
  func epsilon(_ place: (checkpoint: String, key: String), _ value: String) throws {
    let failure = try failure(place.checkpoint, "config.json", place.key, value)
    #expect(failure?.code == .modelConfig)
    let name = String(place.key.split(separator: ".").last ?? "")
    #expect(failure?.message.contains(name) == true, "\(String(describing: failure))")
  }

  @Test(
    "weights that are no numbers give an error, not an answer",
    arguments: [[0x80, 0x7f], [0xff, 0xff]])
  func weights(_ number: [UInt8]) throws {
    let folder = try EditedCheckpoint("qwen2.5-vl/tiny")
    try folder.rewrite { tensor in
      guard tensor.name == "model.layers.3.mlp.down_proj.weight" else { return [tensor] }
      var tensor = tensor
      tensor.bytes = (0..<tensor.bytes.count).map { number[$0 % 2] }
      return [tensor]
    }
    let session = try Session(modelFolder: folder.path, threads: 1)
    var request = Request(prompt: "What is shown?")
    request.maxNewTokens = 2
    let failure = #expect(throws: Failure.self) { try session.answer(request) }
    #expect(failure?.code == .modelNotNumbers && failure?.kind == .modelUnusable)
  }
}
