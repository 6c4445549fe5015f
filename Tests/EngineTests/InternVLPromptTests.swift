import Diagnostics
import Engine
import Foundation
import Media
import Models
import Testing

@Suite("Tiles and prompts of InternVL")
struct InternVLPromptTests {
  private func model(_ checkpoint: String = "tiny") throws -> any VisionLanguageModel {
    try Fixtures.session("internvl/" + checkpoint).model
  }

  /// A model with tiles of 448 pixels, of random weights.
  private func large() throws -> any VisionLanguageModel {
    let config = """
      {"model_type": "internvl_chat", "ps_version": "v2", "dynamic_image_size": true,
       "use_thumbnail": true, "max_dynamic_patch": 12,
       "llm_config": {"model_type": "qwen2", "hidden_size": 16, "intermediate_size": 16,
        "num_hidden_layers": 1, "num_attention_heads": 2, "vocab_size": 300},
       "vision_config": {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
        "num_attention_heads": 2, "image_size": 448, "norm_type": "layer_norm", "qkv_bias": true,
        "qk_normalization": false}}
      """
    return try ModelRegistry.random(
      Data(config.utf8), file: "config.json", options: ModelOptions())
  }

  /// Width and height of an image, and the columns and rows of tiles that Transformers gives it.
  static let tiles: [(Int, Int, Int, Int)] = [
    (448, 448, 1, 1), (640, 480, 4, 3), (1920, 1080, 4, 2), (1080, 1920, 2, 4),
    (4000, 3000, 4, 3), (5000, 100, 12, 1), (100, 5000, 1, 12), (1, 1, 1, 1), (800, 533, 3, 2),
    // Equally near grids: the one with more tiles where the image has more than half of its pixels.
    (900, 900, 2, 2), (1000, 1000, 3, 3), (2000, 2000, 3, 3), (448, 224, 2, 1), (634, 317, 2, 1),
    (1440, 960, 3, 2),
  ]

  @Test("an image gets the grid of tiles that is nearest to its proportions", arguments: tiles)
  func grids(_ width: Int, _ height: Int, _ columns: Int, _ rows: Int) throws {
    let layout = try large().layout(
      of: MediaShape(.image, height: height, width: width), maxPixels: nil)
    let whole = PixelSize(width: columns * 448, height: rows * 448)
    let single = PixelSize(width: 448, height: 448)
    let isAlone = columns * rows == 1
    #expect(layout.sizes == (isAlone ? [whole] : [whole, single]))
    #expect(layout.views.count == (isAlone ? 1 : columns * rows + 1))
    #expect(layout.runs == [layout.views.indices])
    #expect(layout.tokens == layout.views.count * 256)
    // Row by row, and the thumbnail last.
    for (index, view) in layout.views.prefix(columns * rows).enumerated() {
      #expect(view.images == 0..<1)
      #expect((view.x, view.y) == (index % columns * 448, index / columns * 448))
    }
    #expect(layout.views.last?.images == (isAlone ? 0..<1 : 1..<2))
  }

  @Test("fewer pixels mean fewer tiles, and one at least; frames have one tile each")
  func limits() throws {
    let model = try large()
    func tiles(_ maxPixels: Int) throws -> Int {
      try model.layout(
        of: MediaShape(.image, height: 3000, width: 4000), maxPixels: maxPixels
      ).views.count
    }
    let tile = 448 * 448
    #expect(try [12, 11, 6, 2, 1].map { try tiles($0 * tile) } == [13, 7, 7, 1, 1])
    #expect(try tiles(12 * tile - 1) == 7 && tiles(1) == 1 && tiles(-5) == 1)
    let video = try model.layout(
      of: MediaShape(.video, frames: 3, height: 3000, width: 400), maxPixels: nil)
    #expect(video.sizes == [PixelSize(width: 448, height: 448)])
    #expect(video.views.map(\.images) == [0..<1, 1..<2, 2..<3])
    #expect(video.runs == [0..<1, 1..<2, 2..<3])
  }

  @Test("the least and the most tiles are those of the folder")
  func bounds() throws {
    let folder = try EditedCheckpoint("internvl/tiny")
    func views(_ least: Int, _ most: Int, height: Int, width: Int) throws -> Int {
      try folder.edit("preprocessor_config.json") {
        $0["min_patches"] = least
        $0["max_patches"] = most
      }
      let model = try Session(modelFolder: folder.path, threads: 2).model
      return try model.layout(
        of: MediaShape(.image, height: height, width: width), maxPixels: nil
      ).views.count
    }
    #expect(try views(1, 6, height: 84, width: 840) == 7)
    #expect(try views(1, 3, height: 84, width: 840) == 4)
    #expect(try views(2, 6, height: 10, width: 10) == 5)
    #expect(try views(1, 1, height: 84, width: 840) == 1)
  }

  @Test("images and numbered frames stand before the text; a system turn only where asked for")
  func chat() throws {
    let model = try model()
    func visual(_ kind: MediaKind, frames: Int, width: Int) throws -> Visual {
      let layout = try model.layout(
        of: MediaShape(kind, frames: frames, height: 84, width: width), maxPixels: nil)
      let images =
        (kind == .video ? Array(repeating: layout.sizes[0], count: frames) : layout.sizes)
        .map {
          RGBImage(
            width: $0.width, height: $0.height,
            pixels: [UInt8](repeating: 90, count: $0.width * $0.height * 3))
        }
      return Visual(kind, images: images, layout: layout)
    }
    var question = Question(
      visuals: [
        try visual(.image, frames: 1, width: 168), try visual(.video, frames: 2, width: 84),
        try visual(.image, frames: 1, width: 84), try visual(.video, frames: 1, width: 300),
      ], text: "What <img>?")
    func context(_ tiles: Int) -> String {
      "<img>" + String(repeating: "<IMG_CONTEXT>", count: 9 * tiles) + "</img>"
    }
    let user = """
      <|im_start|>user
      \(context(3))
      Frame1: \(context(1))
      Frame2: \(context(1))
      \(context(1))
      Frame1: \(context(1))
      What <img>?<|im_end|>
      <|im_start|>assistant

      """
    func text() throws -> String {
      model.assets.tokenizer.decode(try model.prompt(question).ids, skipSpecial: false)
    }
    #expect(try text() == user)
    let prompt = try model.prompt(question)
    #expect(prompt.runs.map(\.segments) == [0..<3, 3..<4, 4..<5, 5..<6, 6..<7])
    #expect(prompt.positions.axes == [Array(prompt.ids.indices)])
    question.system = "Be brief."
    #expect(try text() == "<|im_start|>system\nBe brief.<|im_end|>\n" + user)
  }

  @Test(
    "a video has as many frames as the folder says, or as were asked for, never more than it has")
  func frames() throws {
    let sampling = try model().assets.sampling
    #expect(sampling.indices(total: 18, frameRate: 6) == [1, 3, 5, 7, 10, 12, 14, 16])
    #expect(sampling.indices(total: 3, frameRate: 6) == [0, 1, 2])
    #expect(sampling.taking(4).indices(total: 18, frameRate: 6) == [2, 6, 11, 15])
    var asked = sampling
    asked.fps = 1
    #expect(asked.indices(total: 18, frameRate: 6) == [3, 9, 15])
    var request = Request(prompt: "What?")
    request.media = [MediaItem(path: Fixtures.path("internvl/media/clip.mp4"))]
    request.maxNewTokens = 1
    let session = try Fixtures.session("internvl/tiny")
    #expect(
      try session.answer(request).sources[0].frames.map(\.index) == [1, 3, 5, 7, 10, 12, 14, 16])
    request.framesPerSecond = 1
    #expect(try session.answer(request).sources[0].frames.map(\.index) == [3, 9, 15])
  }

  @Test("a prompt longer than the rotary positions reach is refused")
  func length() throws {
    let folder = try EditedCheckpoint("internvl/tiny")
    try folder.edit("config.json") { values in
      var text = values["text_config"] as? [String: Any] ?? [:]
      text["max_position_embeddings"] = 30
      text["rope_scaling"] = ["type": "dynamic", "factor": 2.0]
      values["text_config"] = text
    }
    let model = try Session(modelFolder: folder.path, threads: 2).model
    #expect(try model.prompt(Question(visuals: [], text: "What?")).ids.count <= 30)
    let failure = #expect(throws: Failure.self) {
      try model.prompt(Question(visuals: [], text: String(repeating: "What? ", count: 20)))
    }
    #expect(failure?.code == .promptTooLong)
  }
}
