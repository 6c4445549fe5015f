import Diagnostics
import Engine
import Foundation
import Media
import Merging
import Models
import Options
import Testing

@Suite("Prompts of LLaVA-OneVision")
struct LlavaPromptTests {
  private func model(_ checkpoint: String = "tiny") throws -> any VisionLanguageModel {
    try Fixtures.session("llava-onevision/" + checkpoint).model
  }

  private func visual(
    _ model: any VisionLanguageModel, _ kind: MediaKind, frames: Int = 1
  ) throws -> Visual {
    var shape = MediaShape(kind, frames: frames, height: 72, width: 72)
    shape.isAmongImages = true
    let layout = try model.layout(of: shape, maxPixels: nil)
    let image = RGBImage(
      width: 72, height: 72, pixels: [UInt8](repeating: 90, count: 72 * 72 * 3))
    return Visual(kind, images: Array(repeating: image, count: frames), layout: layout)
  }

  @Test(
    "images come first, then videos, then the text, as the folder's template puts them",
    arguments: ["tiny", "tiny-nested"])
  func order(_ checkpoint: String) throws {
    let model = try model(checkpoint)
    var question = Question(
      visuals: [
        try visual(model, .video, frames: 2), try visual(model, .image),
        try visual(model, .video, frames: 1), try visual(model, .image),
      ], text: "What <image>?")
    func run(_ name: String, _ tokens: Int) -> String { String(repeating: name, count: tokens) }
    let after = checkpoint == "tiny" ? "" : "\n"
    let runs = [
      run("<image>", 26), run("<image>", 26), run("<video>", 19), run("<video>", 10),
    ].map { $0 + after }.joined()
    let user =
      checkpoint == "tiny"
      ? "<|im_start|>user \(runs)\nWhat <image>?<|im_end|><|im_start|>assistant\n"
      : "<|im_start|>user\n\(runs)What <image>?<|im_end|>\n<|im_start|>assistant\n"
    func text() throws -> String {
      model.assets.tokenizer.decode(try model.prompt(question).ids, skipSpecial: false)
    }
    #expect(try text() == user)
    let prompt = try model.prompt(question)
    #expect(prompt.segments.map(\.source) == [1, 3, 0, 0, 2])
    #expect(prompt.runs.map(\.segments) == [0..<1, 1..<2, 2..<4, 4..<5])
    #expect(prompt.positions.axes == [Array(prompt.ids.indices)])
    question.system = "Be brief."
    let system =
      checkpoint == "tiny"
      ? "<|im_start|>system \nBe brief.<|im_end|>" : "<|im_start|>system\nBe brief.<|im_end|>\n"
    #expect(try text() == system + user)
  }

  @Test("the order of files does not change the answer")
  func shuffled() throws {
    let session = try Fixtures.session("llava-onevision/tiny")
    func logits(_ media: [String]) throws -> (logits: [Float], images: Int) {
      var request = Request(prompt: "What?")
      request.media = media.map { MediaItem(path: Fixtures.path("llava-onevision/media/" + $0)) }
      request.maxNewTokens = 1
      let dump = AnswerDump()
      let answer = try session.answer(request, dump: dump)
      #expect(answer.segments.map(\.isVideo) == answer.segments.map(\.isVideo).sorted { !$0 && $1 })
      return (dump.floats("logits") ?? [], answer.segments.count { !$0.isVideo })
    }
    let first = try logits(["picture0.png", "clip.mp4"])
    let second = try logits(["clip.mp4", "picture0.png"])
    #expect(!first.logits.isEmpty && first.logits == second.logits)
    // A video beside it leaves an image alone: it has its canvas.
    #expect(first.images == 3)
    #expect(try logits(["picture0.png", "clip.mp4", "picture1.png"]).images == 2)
  }

  @Test("videos merge at other layers than images by default, and asked layers hold for both")
  func layers() throws {
    let session = try Fixtures.session("llava-onevision/tiny")
    func merging(_ medium: String, _ layers: LayerList?) throws -> ResolvedMerging {
      var request = Request(prompt: "What?")
      request.media = [MediaItem(path: Fixtures.path("llava-onevision/media/" + medium))]
      request.maxNewTokens = 1
      request.merging = MergeParameters(profile: .exact)
      request.merging.textLayers = layers
      request.merging.visionLayers = layers
      return try session.answer(request).merging
    }
    // Of 26 and 28 layers: 5-6-7-8 and 8, 3-4-5-6 and 2; here each part has 10.
    let image = try merging("picture0.png", nil)
    #expect(image.vision.layers == [2, 3, 4, 5] && image.text.layers == [3])
    let video = try merging("clip.mp4", nil)
    #expect(video.vision.layers == [1, 2, 3, 4] && video.text.layers == [1])
    for medium in ["picture0.png", "clip.mp4"] {
      let asked = try merging(medium, try LayerList([4, 6]))
      #expect(asked.vision.layers == [4, 6] && asked.text.layers == [4, 6])
    }
  }

  @Test(
    "the plan knows how many tokens every layer has, whatever the canvas, mode and retention",
    arguments: ["picture0.png", "picture1.png", "picture3.png", "picture4.png", "clip.mp4"],
    [MergeMode.drop, .shiftMerge, .recycle, .absorb])
  func counts(_ medium: String, _ mode: MergeMode) throws {
    let session = try Fixtures.session("llava-onevision/tiny")
    for (vision, text) in [(0.85, 0.9), (0.5, 0.6), (0.2, 0.3)] {
      var request = Request(prompt: "What?")
      request.media = [MediaItem(path: Fixtures.path("llava-onevision/media/" + medium))]
      request.maxNewTokens = 1
      request.merging = MergeParameters(profile: .exact)
      request.merging.visionMode = mode
      request.merging.textMode = mode
      request.merging.visionRetention = try Retention(vision)
      request.merging.textRetention = try Retention(text)
      request.merging.visionLayers = try LayerList([3, 5])
      request.merging.textLayers = try LayerList([2, 6])
      request.keepsVisuals = true
      let answer = try session.answer(request)
      var work = WorkShape(textTokens: answer.promptTokens - answer.visualTokens, newTokens: 1)
      for visual in answer.visuals { work.add(visual.layout, frames: visual.images.count) }
      let load = session.model.cost.work(of: work, merging: answer.merging)
      #expect(load.visualTokens == answer.visualTokens)
      #expect(load.visualTokensAfterVision == answer.runCounts.reduce(0, +))
      #expect(load.visualTokensLeft == answer.visualTokensLeft)
      // Newlines end every row of the canvas, and the video.
      let newlines = medium == "clip.mp4" ? 1 : 0
      #expect(answer.survivors[0].count > newlines)
      #expect(answer.survivors[0] == answer.survivors[0].sorted())
    }
  }

  @Test("all newlines are left, however little of the image is")
  func newlines() throws {
    let session = try Fixtures.session("llava-onevision/tiny")
    var request = Request(prompt: "What?")
    request.media = [MediaItem(path: Fixtures.path("llava-onevision/media/picture0.png"))]
    request.maxNewTokens = 1
    request.merging = MergeParameters(profile: .exact)
    request.merging.visionRetention = try Retention(0.1)
    request.merging.textRetention = try Retention(0.1)
    let answer = try session.answer(request)
    // 144×72 pixels: a canvas of 5 rows of 10 patches behind the 25 of the whole.
    #expect(Set(answer.survivors[0]).isSuperset(of: (1...5).map { 24 + $0 * 11 }))
    // The step in the image encoder that left least, as tokens of the prompt.
    let last = try #require(answer.steps.last { $0.stage == .vision })
    #expect(answer.tokens(after: last) == answer.runCounts.reduce(0, +))
  }

  @Test("a video has 32 frames from the first to the last, or as many as were asked for")
  func frames() throws {
    let sampling = try model().assets.sampling
    #expect(sampling.indices(total: 12, frameRate: 6) == Array(0..<12))
    #expect(sampling.indices(total: 1000, frameRate: 25).count == 32)
    #expect(sampling.indices(total: 1000, frameRate: 25).suffix(2) == [966, 999])
    // 3.67 and 7.33 are cut, not rounded.
    #expect(sampling.taking(4).indices(total: 12, frameRate: 6) == [0, 3, 7, 11])
  }
}
