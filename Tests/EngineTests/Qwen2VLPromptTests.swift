import Media
import Models
import Testing

@Suite("Prompts of Qwen2-VL and Qwen2.5-VL")
struct Qwen2VLPromptTests {
  private static let families = ["qwen2-vl", "qwen2.5-vl"]

  private func model(_ family: String) throws -> any VisionLanguageModel {
    try Fixtures.session(family + "/tiny").model
  }

  private func visual(
    _ model: any VisionLanguageModel, _ kind: MediaKind, frames: Int = 1, height: Int, width: Int,
    frameRate: Double? = nil
  ) throws -> Visual {
    let layout = try model.layout(
      of: MediaShape(kind, frames: frames, height: height, width: width), maxPixels: nil)
    let image = RGBImage(
      width: width, height: height, pixels: [UInt8](repeating: 90, count: width * height * 3))
    return Visual(
      kind, images: Array(repeating: image, count: frames),
      timestamps: (0..<frames).map { Double($0) }, frameRate: frameRate, layout: layout)
  }

  @Test("a system turn is always there; a video is one block", arguments: families)
  func chat(_ family: String) throws {
    let model = try model(family)
    let question = Question(
      visuals: [
        try visual(model, .image, height: 56, width: 84),
        try visual(model, .video, frames: 5, height: 56, width: 56),
      ], text: "What?")
    func text(_ question: Question) throws -> String {
      model.assets.tokenizer.decode(try model.prompt(question).ids, skipSpecial: false)
    }
    let image = String(repeating: "<|image_pad|>", count: 6)
    // Three pairs of frames, of which the last is one frame twice.
    let video = String(repeating: "<|video_pad|>", count: 12)
    let rest = """
      <|im_end|>
      <|im_start|>user
      <|vision_start|>\(image)<|vision_end|><|vision_start|>\(video)<|vision_end|>What?<|im_end|>
      <|im_start|>assistant

      """
    #expect(
      try text(question) == "<|im_start|>system\nYou are a helpful assistant." + rest)
    for system in ["Be brief.", ""] {
      var asked = question
      asked.system = system
      #expect(try text(asked) == "<|im_start|>system\n\(system)" + rest)
    }
    let prompt = try model.prompt(question)
    #expect(prompt.runs.map(\.segments) == [0..<1, 1..<4])
  }

  /// A family, frames a second, and the times of four pairs of frames.
  static let rates: [(String, Double?, [Int])] = [
    ("qwen2-vl", 2.0, [0, 1, 2, 3]), ("qwen2-vl", 0.5, [0, 1, 2, 3]),
    ("qwen2.5-vl", 2.0, [0, 2, 4, 6]), ("qwen2.5-vl", nil, [0, 2, 4, 6]),
    ("qwen2.5-vl", 4.0, [0, 1, 2, 3]), ("qwen2.5-vl", 3.0, [0, 1, 2, 4]),
    ("qwen2.5-vl", 8.0, [0, 0, 1, 1]), ("qwen2.5-vl", 0.5, [0, 8, 16, 24]),
    ("qwen2.5-vl", Double.nan, [0, 2, 4, 6]), ("qwen2.5-vl", 0.0, [0, 2, 4, 6]),
    ("qwen2.5-vl", 1e-300, [0, 16_777_216, 16_777_216, 16_777_216]),
    // Its inverse is infinite.
    ("qwen2.5-vl", Double.leastNonzeroMagnitude, [0, 16_777_216, 16_777_216, 16_777_216]),
  ]

  @Test(
    "the time of a pair of frames is its number, or its seconds times two, rounded down",
    arguments: rates)
  func times(_ family: String, _ rate: Double?, _ expected: [Int]) throws {
    let model = try model(family)
    let video = try visual(
      model, .video, frames: 8, height: 56, width: 56, frameRate: rate)
    let prompt = try model.prompt(Question(visuals: [video], text: "x"))
    let tokens = try #require(prompt.runs.first).tokens
    let start = tokens.lowerBound
    func axis(_ axis: Int) -> [Int] { prompt.positions.axes[axis][tokens].map { $0 - start } }
    #expect(axis(0) == expected.flatMap { Array(repeating: $0, count: 4) })
    #expect(axis(1) == [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1])
    #expect(axis(2) == [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
    let last = max(expected[3], 1)
    #expect(
      prompt.positions.axes.map { $0[tokens.upperBound] }
        == Array(
          repeating: start + last + 1, count: 3))
  }

  @Test("each frame has the limits of an image, however many there are", arguments: families)
  func frames(_ family: String) throws {
    let model = try model(family)
    for frames in [1, 2, 64] {
      let layout = try model.layout(
        of: MediaShape(.video, frames: frames, height: 480, width: 640), maxPixels: nil)
      // 50,176 pixels at most.
      #expect(layout.sizes == [PixelSize(width: 252, height: 168)])
      #expect(layout.views.count == (frames + 1) / 2 && layout.runs == [layout.views.indices])
    }
    let less = try model.layout(
      of: MediaShape(.video, frames: 4, height: 480, width: 640), maxPixels: 10_000)
    #expect(less.sizes == [PixelSize(width: 112, height: 84)])
  }
}
