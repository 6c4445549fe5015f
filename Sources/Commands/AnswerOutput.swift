import Answers
import Diagnostics
import Engine
import Models
import Report
import Terminal

@preconcurrency import Glibc

/// Prints answers while they are written, or as JSON when they are done.
final class AnswerOutput {
  private let json: Bool
  private let progress = ProgressBar(isShown: isatty(STDERR_FILENO) == 1)
  private var isThinking = false
  /// Notes that were printed with an earlier answer.
  private var said: Set<String> = []

  /// The stage that was reached.
  private(set) var stage: ComputeObserver.Stage?

  init(json: Bool) { self.json = json }

  /// Shows that the model is loaded.
  func load() { progress.show("loading", 0) }

  /// What prints an answer while it is written.
  var events: SessionEvents {
    var events = SessionEvents()
    events.progress = { [self] stage, share in
      self.stage = stage
      if stage != .decode { progress.show(stage.rawValue, share) } else { progress.clear() }
    }
    guard !json else { return events }
    // Only the answer goes to the standard output.
    events.thought = { [self] piece in
      progress.clear()
      isThinking = true
      fputs(PlainText.lines(piece), stderr)
    }
    events.text = { [self] piece in
      progress.clear()
      if isThinking { fputs("\n\n", stderr) }
      isThinking = false
      TerminalOutput.write(PlainText.lines(piece))
    }
    return events
  }

  /// Prints what belongs to an answer that is done.
  ///
  /// - Parameter boxes: what the answer names, a line each.
  func finish(_ document: AnswerDocument, boxes: [String]) throws(Failure) {
    progress.clear()
    guard !json else { return TerminalOutput.write(try document.json() + "\n") }
    TerminalOutput.write("\n")
    for line in boxes { fputs("\(PlainText.line(line))\n", stderr) }
    for warning in document.warnings where said.insert(warning).inserted {
      fputs("note: \(PlainText.line(warning))\n", stderr)
    }
  }

  /// Prints what was wrong with a question.
  func fail(_ failure: Failure) {
    progress.clear()
    fputs("error: \(PlainText.lines("\(failure)"))\n", stderr)
  }

  /// Prints the document of a question that was not answered, where documents are wanted.
  func fail(_ document: AnswerDocument) {
    progress.clear()
    // What is wrong is said on standard error in any case.
    if json, let text = try? document.json() { TerminalOutput.write(text + "\n") }
  }
}
