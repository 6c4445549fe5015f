import Answers
import Engine
import Foundation
import Media
import Merging
import Options
@testable import Report
import Testing

@Suite("The command to ask again")
struct CommandTests {
  private static let model = AnswerDocument.Model(path: "a model", weights: "bf16")

  /// The words that a POSIX shell reads from a text.
  private func words(_ text: String) throws -> [String] {
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = ["-c", "printf '%s\\0' \(text)"]
    let pipe = Pipe()
    shell.standardOutput = pipe
    try shell.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    shell.waitUntilExit()
    return data.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  @Test("a shell reads the words that were meant")
  func quoting() throws {
    var request = Request(prompt: "It's \"$HOME\" `id` \\ ! *\n; rm -rf . & | < > # ~ 東")
    request.system = ""
    request.media = [
      MediaItem(path: "-odd name.png", kind: .image), MediaItem(path: "~/clip.mp4", kind: .video),
    ]
    let command = ShellCommand(request, model: Self.model)
    #expect(try words(command.text) == command.words)
    #expect(command.words.contains("--image=-odd name.png"))
    #expect(command.words.contains("--video"))
  }

  @Test("defaults are not written out, everything else is")
  func options() throws {
    let plain = ShellCommand(Request(prompt: "Why?"), model: Self.model)
    #expect(
      plain.text == "illava run --model 'a model' --prompt 'Why?' --weights bf16")
    var request = Request(prompt: "Why?")
    request.merging = try MergeParameters.fastV(layer: 2, removed: 0.5)
    request.frames = 8
    request.maxPixels = 4096
    request.maxNewTokens = 7
    request.stops = false
    request.sampling.temperature = 0.5
    request.sampling.seed = 9
    request.limits.maxPixels = 5000
    #expect(
      ShellCommand(request, model: Self.model).text
        == "illava run --model 'a model' --prompt 'Why?' --max-new-tokens 7 --profile exact --no-illava-vit "
        + "--illava-llm-k 2 --illava-llm-r 0.5 --illava-llm-mode 1 --frames 8 --max-pixels 4096 "
        + "--temperature 0.5 --seed 9 --max-source-pixels 5000 --ignore-stop-tokens "
        + "--weights bf16")
    request = Request(prompt: "Why?")
    request.merging = MergeParameters(profile: .published)
    request.merging.visionRetention = .removed(12)
    request.merging.visionLayers = try LayerList([3, 4])
    request.framesPerSecond = 0.5
    #expect(
      ShellCommand(request, model: Self.model).text
        == "illava run --model 'a model' --prompt 'Why?' --profile published --illava-vit-k 3-4 "
        + "--illava-vit-r 12 --fps 0.5 --weights bf16")
    request = Request(prompt: "Why?")
    request.memory.floors = TaskFloor.text.floors
    request.memory.limit = .bytes(3 << 30)
    request.sampling.topP = 0.7
    #expect(
      ShellCommand(request, model: Self.model).text
        == "illava run --model 'a model' --prompt 'Why?' --top-p 0.7 --floor text "
        + "--memory 3221225472 --weights bf16")
  }

  @Test("media that were taken by their content are named by what they were")
  func kinds() throws {
    var request = Request(prompt: "What?")
    request.media = ["picture0.png", "clip.mp4"].map {
      MediaItem(path: Fixtures.path("media/\($0)"))
    }
    request.maxNewTokens = 0
    let answer = try Fixtures.session().answer(request)
    let words = ShellCommand(request, model: Self.model, sources: answer.sources).words
    #expect(words.filter { $0 == "--image" }.count == 1)
    #expect(words.filter { $0 == "--video" }.count == 1)
  }
}
