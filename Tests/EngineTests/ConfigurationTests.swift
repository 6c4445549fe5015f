import Diagnostics
import Engine
import Foundation
import Models
import Testing

@Suite("Model folders")
struct ConfigurationTests {
  private let original: String

  init() throws {
    original = try String(contentsOfFile: Fixtures.path("tiny-late/config.json"), encoding: .utf8)
  }

  private func complaint(_ text: String) -> Failure? {
    do {
      _ = try Qwen3VLConfiguration.parse(Data(text.utf8), file: "config.json")
      return nil
    } catch { return error }
  }

  @Test(
    "values that cannot be are refused, naming the key",
    arguments: [
      ("\"num_hidden_layers\": 10", "\"num_hidden_layers\": 0", "num_hidden_layers"),
      ("\"hidden_size\": 96", "\"hidden_size\": -1", "hidden_size"),
      ("\"hidden_size\": 96", "\"hidden_size\": 4611686018427387904", "hidden_size"),
      ("\"num_key_value_heads\": 2", "\"num_key_value_heads\": 4", "num_key_value_heads"),
      ("\"head_dim\": 16", "\"head_dim\": 15", "head_dim"),
      ("\"silu\"", "\"relu\"", "hidden_act"),
      ("\"vocab_size\": 464", "\"vocab_size\": 400", "token_id"),
      ("\"num_position_embeddings\": 64", "\"num_position_embeddings\": 65", "square"),
      ("\"out_hidden_size\": 96", "\"out_hidden_size\": 97", "out_hidden_size"),
      ("\"depth\": 12", "\"depth\": 9", "deepstack_visual_indexes"),
      ("\"depth\": 12", "\"depth\": \"twelve\"", "depth"),
      ("\"depth\": 12", "\"depth\": 12.5", "“vision_config.depth” has a number that"),
      ("\"hidden_size\": 96", "\"hidden_size\": 1e30", "“text_config.hidden_size” has a number"),
      ("\"patch_size\": 16", "\"patch_size\": 99999", "patch"),
      ("\"mrope_interleaved\": true", "\"mrope_interleaved\": false", "M-RoPE"),
      ("\"image_token_id\"", "\"image_token\"", "image_token_id"), ("{", "[", "JSON"),
    ])
  func refused(_ old: String, _ new: String, _ mentioned: String) throws {
    #expect(original.contains(old))
    let failure = try #require(complaint(original.replacingOccurrences(of: old, with: new)))
    #expect(failure.code == .modelConfig)
    #expect(failure.message.contains(mentioned), "\(failure)")
  }

  @Test("the layout of Transformers 5 is read as well")
  func ropeParameters() {
    let newer = original.replacingOccurrences(of: "rope_scaling", with: "rope_parameters")
    #expect(newer != original)
    #expect(complaint(newer) == nil)
  }

  @Test("other families are refused by name")
  func family() throws {
    let data = Data(original.replacingOccurrences(of: "\"qwen3_vl\"", with: "\"llava\"").utf8)
    let failure = #expect(throws: Failure.self) {
      _ = try ModelRegistry.random(data, file: "config.json", options: ModelOptions())
    }
    #expect(failure?.code == .modelFamily)
  }

  @Test(
    "damaged configurations end in a failure or a model, never in a crash",
    arguments: [
      "tiny-late", "qwen2.5-vl/tiny", "qwen2.5-vl/tiny-nested", "qwen2-vl/tiny", "internvl/tiny",
    ])
  func mutations(_ checkpoint: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "illava-configuration-\(UUID().uuidString)")
    try FileManager.default.copyItem(
      atPath: Fixtures.path(checkpoint), toPath: folder.path)
    defer { try? FileManager.default.removeItem(at: folder) }
    let names = [
      "config.json", "preprocessor_config.json", "video_preprocessor_config.json",
      "generation_config.json",
    ].filter { FileManager.default.fileExists(atPath: folder.path + "/" + $0) }
    var state: UInt64 = 11
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var request = Request(prompt: "x")
    request.media = [MediaItem(path: Fixtures.path("media/picture1.png"))]
    request.maxNewTokens = 1
    // Large images would only make the test slow.
    request.maxPixels = 65_536
    var (answers, failures) = (0, 0)
    for _ in 0..<150 {
      let name = names[random(names.count)]
      let file = folder.appendingPathComponent(name)
      let intact = try Data(contentsOf: file)
      var bytes = [UInt8](intact)
      for _ in 0...random(3) {
        let place = random(bytes.count)
        switch random(4) {
        case 0: bytes[place] = UInt8(48 + random(10))
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: Array("99".utf8), at: place)
        default: bytes[place] = UInt8(random(256))
        }
      }
      try Data(bytes).write(to: file)
      do {
        _ = try Session(modelFolder: folder.path, threads: 2).answer(request)
        answers += 1
      } catch {
        #expect(!error.message.isEmpty)
        failures += 1
      }
      try intact.write(to: file)
    }
    // Both must happen, because otherwise the mutations would test nothing.
    #expect(answers > 10 && failures > 10, "\(answers) answers, \(failures) failures")
  }
}
