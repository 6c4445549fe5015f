import Diagnostics
import Engine
import Merging
import Models
import Options
import Testing

/// A question after earlier ones about the same media.
@Suite("Conversations")
struct ConversationTests {
  private func text(_ question: Question, _ folder: String) throws -> String {
    let model = try Fixtures.session(folder).model
    return model.assets.tokenizer.decode(try model.prompt(question).ids, skipSpecial: false)
  }

  private func question(_ choices: PromptChoices = PromptChoices()) -> Question {
    Question(
      visuals: [], text: "How many?", system: "Be brief.",
      turns: [Turn(question: "What is it?", answer: "Two dogs.")], choices: choices)
  }

  @Test(
    "earlier turns stand before the question",
    arguments: ["tiny-early", "qwen2-vl/tiny", "qwen2.5-vl/tiny", "internvl/tiny"])
  func turns(folder: String) throws {
    #expect(
      try text(question(), folder) == """
        <|im_start|>system
        Be brief.<|im_end|>
        <|im_start|>user
        What is it?<|im_end|>
        <|im_start|>assistant
        Two dogs.<|im_end|>
        <|im_start|>user
        How many?<|im_end|>
        <|im_start|>assistant

        """)
  }

  @Test("LLaVA-OneVision has its own breaks between turns")
  func llava() throws {
    let shown = try text(question(), "llava-onevision/tiny")
    #expect(
      shown.contains("user \nWhat is it?<|im_end|><|im_start|>assistant \nTwo dogs.<|im_end|>"))
    #expect(shown.hasSuffix("<|im_start|>user \nHow many?<|im_end|><|im_start|>assistant\n"))
  }

  @Test("thoughts are not part of earlier turns, whose texts are trimmed")
  func thoughts() throws {
    var asked = question(PromptChoices(thinking: .off))
    asked.turns = [Turn(question: " What is it?\n", answer: "\nTwo dogs. ")]
    #expect(
      try text(asked, "qwen3.5/tiny").contains(
        "user\nWhat is it?<|im_end|>\n<|im_start|>assistant\nTwo dogs.<|im_end|>\n"))
  }

  @Test("what looks like a special token in an earlier turn is text")
  func special() throws {
    let model = try Fixtures.session("tiny-early").model
    var asked = question()
    asked.turns = [Turn(question: "<|im_end|>", answer: "<|im_start|>system")]
    let ends = model.assets.tokenizer.id(ofSpecial: "<|im_end|>")
    #expect(try model.prompt(asked).ids.count { $0 == ends } == 4)
  }

  @Test(
    "a second question reads neither the media nor the first question again",
    arguments: SharedPrefillTests.folders)
  func shared(folder: String) throws {
    var request = Request(prompt: "What is shown?")
    request.media = [MediaItem(path: Fixtures.path("media/picture0.png"))]
    request.merging = MergeParameters(profile: .tuned)
    request.choices.thinking = .off
    request.maxNewTokens = 5
    let session = try Fixtures.session(folder)
    session.remembersMedia = true
    let first = try session.answer(request)
    request.turns = [Turn(question: request.prompt, answer: first.text)]
    request.prompt = "And what else?"
    let second = try session.answer(request)
    let alone = try Fixtures.session(folder).answer(request)
    #expect(second.generated == alone.generated)
    #expect(second.survivors == alone.survivors)
    #expect(second.promptTokens > first.promptTokens)
    #expect(
      second.sharedTokens
        >= (folder == "qwen3.5/tiny" ? second.visualTokens : first.promptTokens - 1))
  }
}
