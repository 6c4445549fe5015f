import Diagnostics
import Engine
import Foundation
import Models
import Testing
import Tokenizer

@Suite("Folders with InternLM2 and its tokenizer")
struct InternLM2Tests {
  /// A folder in OpenGVLab's layout with `tokenizer.model` in place of byte-level BPE.
  private func folder() throws -> EditedCheckpoint {
    let folder = try EditedCheckpoint("internvl/tiny-llama")
    try OriginalLayout.convert(folder)
    try InternLM2Layout.convert(folder)
    for file in ["tokenizer.json", "vocab.json", "merges.txt", "added_tokens.json"] {
      try FileManager.default.removeItem(atPath: folder.path + "/" + file)
    }
    // The fixtures of TokenizerTests, found by this source file's place.
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "TokenizerTests/Fixtures/sentencepiece/model")
    for file in ["tokenizer.model", "tokenizer_config.json"] {
      let target = URL(filePath: folder.path + "/" + file)
      try? FileManager.default.removeItem(at: target)
      try FileManager.default.copyItem(at: fixtures.appending(path: file), to: target)
    }
    return folder
  }

  private func request() -> Request {
    var request = Request(prompt: "How many?")
    request.media = [MediaItem(path: Fixtures.path("internvl/media/picture1.png"))]
    request.maxNewTokens = 4
    return request
  }

  @Test("the prompt begins with <s>, and each text between special tokens is encoded by itself")
  func prompt() throws {
    let folder = try folder()
    let tokenizer = try Tokenizer(folder: folder.path)
    let dump = AnswerDump()
    let answer = try Session(modelFolder: folder.path, threads: 2).answer(request(), dump: dump)
    #expect(answer.generated.count == 4)
    var expected: [Int32] = [1, 5] + tokenizer.encode("user\n") + [6]
    expected += [Int32](repeating: 8, count: 9) + [7]
    expected += tokenizer.encode("\nHow many?") + [4] + tokenizer.encode("\n") + [5]
    expected += tokenizer.encode("assistant\n")
    #expect(dump.integers("input_ids") == expected.map { Int($0) })
  }

  @Test("a prompt beyond max_position_embeddings is refused, because RoPE would change there")
  func tooLong() throws {
    let folder = try folder()
    try folder.set("llm_config.max_position_embeddings", "20")
    let session = try Session(modelFolder: folder.path, threads: 2)
    let failure = #expect(throws: Failure.self) { _ = try session.answer(request()) }
    #expect(failure?.code == .promptTooLong)
  }
}
