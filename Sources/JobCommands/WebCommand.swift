import ArgumentParser
import Diagnostics

/// `illava web`: becomes the program that serves the page.
struct WebCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "web",
    abstract: "Serve the page, and the interfaces of OpenAI and Ollama, for a spool.",
    discussion: """
      illava web serve --help and illava web token --help have the options. docs/http.md says how to \
      use it.
      """)
  @Argument(parsing: .captureForPassthrough, help: "serve with its options, or token.")
  var words: [String] = []

  func run() throws {
    try exiting { try OwnPrograms.become("illava-web", words) }
  }
}
