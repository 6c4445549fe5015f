import Diagnostics
import Foundation
import Media
import Testing

@testable import Models

@Suite("Canvases of LLaVA-OneVision")
struct LlavaLayoutTests {
  /// A model with tiles of 384 pixels, of random weights.
  private func large() throws -> any VisionLanguageModel {
    let config = """
      {"model_type": "llava_onevision",
       "image_token_index": 298, "video_token_index": 299,
       "text_config": {"model_type": "qwen2", "hidden_size": 16, "intermediate_size": 16,
        "num_hidden_layers": 1, "num_attention_heads": 2, "vocab_size": 300},
       "vision_config": {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
        "num_attention_heads": 2}}
      """
    return try ModelRegistry.random(
      Data(config.utf8), file: "config.json", options: ModelOptions())
  }

  /// An image and what Transformers makes of it: tiles, the image on the canvas, the patches that show it,
  /// and the tokens.
  struct Expected: Sendable {
    let image: PixelSize
    let down: Int
    let across: Int
    let content: PixelSize
    let area: PixelSize
    let tokens: Int

    init(
      _ width: Int, _ height: Int, down: Int, across: Int, content: (Int, Int), area: (Int, Int),
      tokens: Int
    ) {
      image = PixelSize(width: width, height: height)
      (self.down, self.across, self.tokens) = (down, across, tokens)
      self.content = PixelSize(width: content.0, height: content.1)
      self.area = PixelSize(width: area.0, height: area.1)
    }
  }

  static let images: [Expected] = [
    Expected(384, 384, down: 1, across: 1, content: (384, 384), area: (27, 27), tokens: 1485),
    Expected(1, 1, down: 1, across: 1, content: (384, 384), area: (27, 27), tokens: 1485),
    Expected(640, 480, down: 2, across: 2, content: (768, 576), area: (54, 40), tokens: 2929),
    Expected(1920, 1080, down: 3, across: 5, content: (1920, 1080), area: (135, 75), tokens: 7269),
    Expected(1080, 1920, down: 5, across: 3, content: (1080, 1920), area: (75, 135), tokens: 7317),
    Expected(4000, 3000, down: 5, across: 6, content: (2304, 1728), area: (162, 121), tokens: 7309),
    Expected(3000, 200, down: 1, across: 6, content: (2304, 154), area: (162, 11), tokens: 2522),
    Expected(200, 3000, down: 6, across: 1, content: (154, 2304), area: (11, 162), tokens: 2673),
    Expected(800, 533, down: 2, across: 3, content: (1152, 768), area: (81, 54), tokens: 5157),
    Expected(385, 384, down: 1, across: 2, content: (385, 384), area: (28, 27), tokens: 1512),
    Expected(1000, 1000, down: 3, across: 3, content: (1152, 1152), area: (81, 81), tokens: 7371),
    Expected(2304, 2304, down: 6, across: 6, content: (2304, 2304), area: (162, 162), tokens: 7371),
    Expected(333, 777, down: 3, across: 1, content: (384, 896), area: (27, 63), tokens: 2493),
    Expected(57, 101, down: 1, across: 1, content: (217, 384), area: (15, 27), tokens: 1161),
    Expected(10_000, 51, down: 1, across: 6, content: (2304, 12), area: (162, 1), tokens: 892),
  ]

  @Test("a single image is seen as a whole and on the canvas that suits it best", arguments: images)
  func canvas(_ expected: Expected) throws {
    let layout = try large().layout(
      of: MediaShape(.image, height: expected.image.height, width: expected.image.width),
      maxPixels: nil)
    #expect(
      layout.sizes == [
        PixelSize(width: 384, height: 384),
        PixelSize(width: 384 * expected.across, height: 384 * expected.down),
      ])
    #expect(layout.fittings == [.stretched, .centered(content: expected.content)])
    #expect(layout.views.count == 1 + expected.down * expected.across)
    #expect(layout.views[0].images == 0..<1)
    for (number, view) in layout.views.dropFirst().enumerated() {
      #expect(view.images == 1..<2)
      #expect(view.x == number % expected.across * 384 && view.y == number / expected.across * 384)
    }
    // What is not padding, over all tiles of the canvas.
    let shown = layout.views.dropFirst().reduce(0) { $0 + $1.grid.groups - $1.padding }
    #expect(shown == expected.area.width * expected.area.height)
    #expect(layout.runs == [layout.views.indices])
    #expect(layout.tokens == expected.tokens)
  }

  @Test("fewer pixels mean a smaller canvas, and one of a tile at least")
  func limits() throws {
    let model = try large()
    func tiles(_ maxPixels: Int) throws -> Int {
      try model.layout(of: MediaShape(.image, height: 2000, width: 2000), maxPixels: maxPixels)
        .views.count - 1
    }
    let tile = 384 * 384
    #expect(try [36, 35, 9, 8, 1].map { try tiles($0 * tile) } == [36, 25, 9, 4, 1])
    #expect(try tiles(0) == 1 && tiles(-5) == 1)
  }

  @Test("several images are squares of one tile each, frames are one tile each and one run")
  func tiles() throws {
    let model = try large()
    var shape = MediaShape(.image, height: 1000, width: 300)
    shape.isAmongImages = true
    let image = try model.layout(of: shape, maxPixels: nil)
    #expect(image.sizes == [PixelSize(width: 384, height: 384)])
    #expect(image.fittings == [.squared(red: 127, green: 127, blue: 127)])
    #expect(image.tokens == 730)
    let video = try model.layout(
      of: MediaShape(.video, frames: 3, height: 100, width: 900), maxPixels: 10)
    #expect(video.sizes == [PixelSize(width: 384, height: 384)])
    #expect(video.views.map(\.images) == [0..<1, 1..<2, 2..<3])
    #expect(video.runs == [0..<3])
    #expect(video.tokens == 3 * 196 + 1)
  }

  @Test(
    "pictures that are too long and narrow are refused",
    arguments: [(1, 201), (201, 1), (50_000, 200)])
  func narrow(_ width: Int, _ height: Int) throws {
    let model = try large()
    for kind in MediaKind.allCases {
      let failure = #expect(throws: Failure.self) {
        try model.layout(of: MediaShape(kind, height: height, width: width), maxPixels: nil)
      }
      #expect(failure?.code == .mediaProportions)
    }
  }

  @Test("only whole tiles make canvases, and anyres_max_ needs a number")
  func tiling() {
    func problem(_ sizes: [[Int]]) -> String? {
      LlavaTiling(side: 384, patches: 27, mostTiles: 9, resolutions: sizes).problem
    }
    #expect(problem(LlavaTiling.published) == nil && LlavaTiling.published.count == 36)
    for sizes in [[], [[384]], [[384, 0]], [[-384, -384]], [[400, 384]], [[384, 384 * 257]]] {
      #expect(problem(sizes) != nil, "\(sizes)")
    }
    #expect(LlavaTiling.mostTiles("anyres_max_9") == 9)
    for aspect in ["anyres", "anyres_max_", "anyres_max_0", "anyres_max_-1", "pad", ""] {
      #expect(LlavaTiling.mostTiles(aspect) == nil, "\(aspect)")
    }
  }

  @Test("bilinear weights are those of PyTorch, and those of a cell add up to 1")
  func weights() {
    #expect(
      BilinearAxis(from: 3, to: 3).taps.map { $0.filter { $0.weight > 0 }.map(\.source) } == [
        [0], [1], [2],
      ])
    let half = BilinearAxis(from: 5, to: 3).taps
    #expect(half.map { $0.map(\.source) } == [[0, 1], [2, 3], [3, 4]])
    for (weights, first) in zip(half, [Float(2) / 3, 1, 1 / Float(3)]) {
      #expect(abs(weights[0].weight - first) < 1e-6)
      #expect(abs(weights.reduce(0) { $0 + $1.weight } - 1) < 1e-6)
    }
    #expect(BilinearAxis(from: 1, to: 2).taps.allSatisfy { $0.map(\.source) == [0] })
    #expect(BilinearAxis(from: 2, to: 4).taps.map { $0[0].source } == [0, 0, 0, 1])
  }
}
