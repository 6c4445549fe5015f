import Compute
import Diagnostics
import Media
import Merging
import Options
import Testing

@testable import Engine
@testable import Models

@Suite("Prompts and thoughts of Qwen3.5")
struct Qwen35PromptTests {
  private func image(_ height: Int, _ width: Int) -> RGBImage {
    RGBImage(
      width: width, height: height, pixels: [UInt8](repeating: 90, count: width * height * 3))
  }

  private func text(_ question: Question, _ checkpoint: String = "tiny") throws -> String {
    let model = try Fixtures.session("qwen3.5/" + checkpoint).model
    return model.assets.tokenizer.decode(try model.prompt(question).ids, skipSpecial: false)
  }

  @Test("white space goes from the ends of a turn, of which images are part")
  func trimming() throws {
    let spaced = " \n\u{A0}a  b\t\u{1F}\n "
    #expect(
      try text(
        Question(
          visuals: [], text: spaced, system: spaced, choices: PromptChoices(thinking: .on)))
          == """
          <|im_start|>system
          a  b<|im_end|>
          <|im_start|>user
          a  b<|im_end|>
          <|im_start|>assistant
          <think>

          """)
    let shown = try text(Question(visuals: [Visual(image: image(64, 64))], text: spaced))
    #expect(shown.contains("<|vision_end|> \n\u{A0}a  b<|im_end|>"))
    let empty = try text(Question(visuals: [Visual(image: image(64, 64))], text: " \n"))
    #expect(empty.contains("<|vision_end|><|im_end|>"))
  }

  @Test(
    "the tail is the template's unless thinking is chosen",
    arguments: [
      ("tiny", ThinkingChoice.auto, true), ("tiny", .off, false), ("tiny-tied", .auto, false),
      ("tiny-tied", .on, true),
    ])
  func tail(_ checkpoint: String, _ choice: ThinkingChoice, _ thinks: Bool) throws {
    let model = try Fixtures.session("qwen3.5/" + checkpoint).model
    let prompt = try model.prompt(
      Question(visuals: [], text: "x", choices: PromptChoices(thinking: choice)))
    let text = model.assets.tokenizer.decode(prompt.ids, skipSpecial: false)
    #expect(text.hasSuffix(thinks ? "assistant\n<think>\n" : "<think>\n\n</think>\n\n"))
    #expect(prompt.opensThought == thinks)
  }

  @Test("outer markers are around all frames of a video, not around an image")
  func markers() throws {
    let visuals = [
      Visual(image: image(64, 64)),
      Visual(frames: [image(64, 64), image(64, 64)], timestamps: [0, 0.5]),
    ]
    let (start, end) = ("<|vision_start|>", "<|vision_end|>")
    let pads = String(repeating: "<|video_pad|>", count: 4)
    let images = String(repeating: "<|image_pad|>", count: 4)
    for markers in VideoMarkers.allCases {
      let (before, after) = markers == .outer ? (start, end) : ("", "")
      let shown = try text(
        Question(
          visuals: visuals, text: "x",
          choices: PromptChoices(thinking: .off, videoMarkers: markers)))
      #expect(
        shown.contains(
          "user\n\(start)\(images)\(end)\(before)<0.2 seconds>\(start)\(pads)\(end)\(after)x"))
    }
  }

  @Test("other families refuse what they cannot do, and nothing else")
  func otherFamilies() throws {
    for checkpoint in ["tiny-late", "qwen2-vl/tiny", "internvl/tiny", "llava-onevision/tiny"] {
      let session = try Fixtures.session(checkpoint)
      func code(_ choices: PromptChoices) -> FailureCode? {
        var request = Request(prompt: "x")
        request.choices = choices
        request.maxNewTokens = 1
        do throws(Failure) {
          _ = try session.answer(request)
          return nil
        } catch { return error.code }
      }
      #expect(code(PromptChoices(thinking: .off)) == nil)
      #expect(code(PromptChoices(thinking: .on)) == .promptThinking)
      #expect(code(PromptChoices(videoMarkers: .outer)) == .promptVideoMarkers)
    }
  }

  /// What a splitter makes of a text in pieces of some characters.
  private func split(
    _ text: String, isOpen: Bool, isSplit: Bool = true, size: Int
  ) -> (thought: String?, answer: String, thoughts: String, answers: String) {
    var splitter = ThoughtSplitter(isSplit: isSplit, isOpen: isOpen)
    var (thoughts, answers) = ("", "")
    var rest = text[...]
    while !rest.isEmpty {
      let said = splitter.feed(String(rest.prefix(size)))
      rest = rest.dropFirst(size)
      thoughts += said.thought
      answers += said.answer
    }
    let said = splitter.feed("", isLast: true)
    return (
      splitter.thought, splitter.answer, thoughts + said.thought, answers + said.answer
    )
  }

  @Test("a thought ends at its marker, however the text comes", arguments: [1, 2, 3, 7, 8, 100])
  func splitting(_ size: Int) {
    let cases: [(text: String, isOpen: Bool, thought: String?, answer: String)] = [
      ("It is <b>.\n</think>\n\nA cat.", true, "It is <b>.", "A cat."),
      ("\n\nHm</thin</think>k", true, "Hm</thin", "k"),
      ("No end </thi", true, "No end </thi", ""),
      ("</think>\n\nA", true, "", "A"),
      ("", true, "", ""),
      ("<think>\nHm\n</think>\n\nA</think>B", false, "Hm", "A</think>B"),
      ("A cat</think>.", false, nil, "A cat</think>."),
      ("<thin air", false, nil, "<thin air"),
      ("<thi", false, nil, "<thi"),
    ]
    for item in cases {
      let result = split(item.text, isOpen: item.isOpen, size: size)
      #expect(result.thought == item.thought, "\(item)")
      #expect(result.answer == item.answer, "\(item)")
      #expect(result.answers == result.answer)
      #expect(result.thoughts.hasPrefix(result.thought ?? ""))
    }
    let plain = split("<think>a</think>b", isOpen: false, isSplit: false, size: size)
    #expect(plain.thought == nil && plain.answer == "<think>a</think>b")
  }

  @Test("a thought that does not end is kept, with an empty answer and a warning's reason")
  func unfinished() throws {
    let session = try Fixtures.session("qwen3.5/tiny")
    var request = Request(prompt: "What is shown?")
    request.maxNewTokens = 5
    request.stops = false
    var events = SessionEvents()
    var (thought, text) = ("", "")
    events.thought = { thought += $0 }
    events.text = { text += $0 }
    let answer = try session.answer(request, events: events)
    #expect(answer.text.isEmpty && text.isEmpty)
    #expect(!thought.isEmpty && answer.thought.map(thought.hasPrefix) == true)
    #expect(answer.finishReason == .length && answer.endedThinking)
    request.choices.thinking = .off
    let plain = try session.answer(request)
    #expect(plain.thought == nil && !plain.text.isEmpty && !plain.endedThinking)
  }

  @Test("merging by attention is refused where no attention comes before; by likeness it is not")
  func mergingLayers() throws {
    let session = try Fixtures.session("qwen3.5/tiny")
    var request = Request(prompt: "What is shown?")
    request.media = [MediaItem(path: Fixtures.path("media/picture0.png"))]
    request.maxNewTokens = 2
    request.merging = MergeParameters(profile: .exact)
    for (layers, isFine) in [([3, 4], false), ([2], false), ([4, 5], true)] {
      request.merging.textLayers = try LayerList(layers)
      do throws(Failure) {
        _ = try session.answer(request)
        #expect(isFine)
      } catch {
        #expect(!isFine && error.code == .mergingLayers)
        #expect(error.message.contains("attention is 3"), "\(error)")
      }
    }
    request.merging = MergeParameters()
    request.merging.visionMinTokens = 0
    request.merging.textLayers = try LayerList([1, 5])
    let answer = try session.answer(request)
    let lengths = answer.cacheLengths
    #expect(lengths.count == 12)
    #expect(lengths[0] > lengths[1] && lengths[4] > lengths[5] && lengths[11] == lengths[5])
  }

  @Test("the language model merges right after layers of attention by default")
  func defaults() throws {
    let merging = try Fixtures.session("qwen3.5/tiny").model.resolve(
      MergeParameters(profile: .exact))
    #expect(merging.text.layers == [8])
    #expect(merging.vision.layers == [5, 6, 7, 8])
    #expect(merging.notes.isEmpty)
  }
}
