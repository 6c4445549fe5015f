import Basics
import Diagnostics
import FoundationEssentials
import Testing

@testable import Spool

/// `illavad.toml`: the settings it changes, and the messages about errors.
@Suite struct SettingsTests {
  private func read(_ text: String) throws(Failure) -> Settings {
    try SettingsFile.read(Array(text.utf8), source: "illavad.toml")
  }

  @Test func everyKindOfValueIsRead() throws {
    let settings = try read(
      """
      [model]
      path = "/models/qwen"
      threads = 4
      [inbox]
      stability = "500ms"
      duplicates = "link"
      needs_sidecar = true
      [defaults]
      prompts = ["One?", "Two?"]
      priority = -5
      [defaults.options]
      max_new_tokens = 64
      [outbox]
      after_done = "archive"
      keep_done = "30d"
      keep_bytes = "10G"
      command = ["/bin/true", "x"]
      """)
    #expect(settings.model == "/models/qwen")
    #expect(settings.threads == 4)
    #expect(settings.stability == 0.5)
    #expect(settings.duplicates == .link)
    #expect(settings.needsSidecar)
    #expect(settings.prompts == ["One?", "Two?"])
    #expect(settings.priority == -5)
    #expect(settings.options.maxNewTokens == 64)
    #expect(settings.afterDone == .archive)
    #expect(settings.keepDone == 2_592_000)
    #expect(settings.keepBytes == 10 << 30)
    #expect(settings.command == ["/bin/true", "x"])
  }

  @Test(arguments: [
    (
      "[inbox]\n\nstabillity = \"2s\"", FailureCode.configKey, "line 3", "Did you mean “stability”?"
    ),
    ("[inbx]\nstability = \"2s\"", FailureCode.configKey, "line 1", "Did you mean “inbox”?"),
    ("[inbox]\nstability = 2", FailureCode.configValue, "line 2", "Give a time such as"),
    ("[running]\nworkers = 0", FailureCode.configValue, "line 2", "whole number from 1 to 64"),
    ("[outbox]\nafter_done = \"burn\"", FailureCode.configValue, "line 2", "\"delete\""),
    (
      "[defaults.options]\nfps = 1\nmax_new_token = 3", FailureCode.configValue, "line 3",
      "max_new_tokens"
    ),
    ("[inbox]\nstability = \"2s", FailureCode.configTOML, "line 2", "quotes"),
    ("workers = 2", FailureCode.configKey, "line 1", "Use one of"),
    ("[defaults]\nprompts = []", FailureCode.configValue, "line 2", "at least one question"),
  ])
  func aMistakeNamesItsLineAndWhatWouldBeRight(
    _ text: String, _ code: FailureCode, _ line: String, _ remedy: String
  ) throws {
    let failure = #expect(throws: Failure.self) { try read(text) }
    #expect(failure?.code == code)
    #expect(failure?.message.contains(line) == true, "\(failure?.message ?? "")")
    #expect(failure?.remedy?.contains(remedy) == true, "\(failure?.remedy ?? "")")
  }

  @Test func theCommentedFileShowsEveryKeyWithItsDefault() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "etc/illava/illavad.toml")
    let text = String(decoding: try Data(contentsOf: path), as: UTF8.self)
    // The installed file changes nothing but the model's path and that models answer at once.
    var installed = try read(text)
    installed.model = ""
    #expect(installed.options.thinking == .off)
    installed.options.thinking = nil
    #expect(installed == Settings())
    // With every option uncommented it does the same.
    let uncommented = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasPrefix("#") && !line.hasPrefix("# ") ? line.dropFirst() : line
    }.joined(separator: "\n")
    var all = try read(uncommented)
    all.model = ""
    all.options.thinking = nil
    #expect(all == Settings())
    let file = try TOMLFile(Array(uncommented.utf8), source: "illavad.toml")
    for key in SettingKey.all {
      #expect(file.line(table: key.table, name: key.name) != nil, "\(key.fullName) is not shown")
    }
  }
}
