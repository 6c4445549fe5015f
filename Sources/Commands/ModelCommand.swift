import ArgumentParser
import Basics
import Diagnostics
import Engine
import Report
import Terminal

/// `illava model`: says what a model folder is.
struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Say what a model is, what it needs, and why it cannot be run if it cannot.",
    discussion: """
      Only headers and small files are read, no weights. The memory is what the planner predicts for \
      one picture with the usual merging; “fits now” compares it with what may be held now.

      Exit status: 0 if the model can be run; otherwise the error and its status are those that \
      opening the model gives.
      """)

  /// The width of text that goes to a file or a pipe.
  private static let usualColumns = 80

  @Argument(help: "The model: a folder, a GGUF file, or ollama:NAME[:TAG].", completion: .file())
  var folder: String
  @OptionGroup var projector: ProjectorOption
  @Flag(help: "Print one JSON object instead of words.")
  var json = false

  func run() throws {
    try exiting { try describe() }
  }

  private func describe() throws(Failure) {
    let found = ModelInspection(projector.place(folder))
    let document = ModelDocument(found)
    if json {
      TerminalOutput.write(try JSONText.encode(document) + "\n")
    } else if found.folder != nil {
      let width = min(Self.usualColumns, TerminalSize.columns ?? Self.usualColumns)
      TerminalOutput.write(document.lines(width: width).map { $0 + "\n" }.joined())
    }
    if let failure = found.failure { throw failure }
  }
}
