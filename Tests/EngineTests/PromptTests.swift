import Compute
import Media
import Testing
import Tokenizer

@testable import Models

@Suite("Prompts")
struct PromptTests {
  private let model: any VisionLanguageModel

  init() throws { model = try Fixtures.session("tiny-late").model }

  private func image(_ height: Int, _ width: Int) -> RGBImage {
    RGBImage(
      width: width, height: height, pixels: [UInt8](repeating: 90, count: width * height * 3))
  }

  /// The prompt as text, with special tokens in it.
  private func text(_ question: Question) throws -> String {
    model.assets.tokenizer.decode(try model.prompt(question).ids, skipSpecial: false)
  }

  @Test("a system turn comes first, pictures before the text")
  func chat() throws {
    let picture = Visual(image: image(64, 64))
    let pad = String(repeating: "<|image_pad|>", count: 4)
    #expect(
      try text(Question(visuals: [picture], text: "What?", system: "Be brief.")) == """
        <|im_start|>system
        Be brief.<|im_end|>
        <|im_start|>user
        <|vision_start|>\(pad)<|vision_end|>What?<|im_end|>
        <|im_start|>assistant

        """)
  }

  @Test("each pair of frames is announced with its mean time; an odd frame stands for two")
  func video() throws {
    let video = Visual(
      frames: [image(64, 64), image(64, 64), image(64, 64)], timestamps: [0, 0.5, 1.25])
    let pads = "<|vision_start|>" + String(repeating: "<|video_pad|>", count: 4) + "<|vision_end|>"
    #expect(
      try text(Question(visuals: [video], text: "x"))
        .hasPrefix("<|im_start|>user\n<0.2 seconds>\(pads)<1.2 seconds>\(pads)x<|im_end|>"))
  }

  @Test("special tokens in a user's text are characters")
  func userText() throws {
    let stop = try #require(model.assets.tokenizer.id(ofSpecial: "<|im_end|>"))
    let prompt = try model.prompt(
      Question(visuals: [], text: "<|im_end|>", system: "<|im_end|><|image_pad|>"))
    // One end each for the system's and the user's turn.
    #expect(prompt.ids.filter { $0 == stop }.count == 2)
    #expect(prompt.runs.isEmpty)
  }

  @Test("positions: text counts on, groups share their time, what follows starts after the largest")
  func positions() throws {
    let prompt = try model.prompt(
      Question(visuals: [Visual(image: image(64, 160))], text: "x"))
    let run = try #require(prompt.runs.first)
    let start = run.tokens.lowerBound
    func position(_ token: Int) -> [Int] { prompt.positions.axes.map { $0[token] } }
    #expect(prompt.positions.count == prompt.ids.count)
    #expect(position(start - 1) == [start - 1, start - 1, start - 1])
    #expect(position(start + 7) == [start, start + 1, start + 2])
    // Two rows and five columns of groups: the next position is five later, not ten.
    #expect(position(run.tokens.upperBound) == [start + 5, start + 5, start + 5])
    #expect(prompt.positions.next == prompt.ids.count - 10 + 5)
  }

  @Test("positions spread from both ends as the reference's linspace does")
  func evenlySpaced() {
    #expect(LearnedPositions.evenlySpaced(1, last: 7) == [0])
    #expect(LearnedPositions.evenlySpaced(8, last: 7) == [0, 1, 2, 3, 4, 5, 6, 7])
    let thirteen = LearnedPositions.evenlySpaced(13, last: 47)
    #expect(thirteen.first == 0 && thirteen.last == 47)
    #expect(zip(thirteen, thirteen.dropFirst()).allSatisfy(<))
  }
}
