import Diagnostics
import Terminal

@preconcurrency import Glibc

/// The questions of a conversation, a line each, from the standard input.
struct ChatInput {
  private let isTerminal = isatty(STDIN_FILENO) == 1

  /// The next question; `nil` at the end of the input. Empty lines are no questions.
  func next() -> String? {
    while true {
      if isTerminal {
        fputs("> ", stderr)
        fflush(stderr)
      }
      guard let line = readLine() else {
        if isTerminal { fputs("\n", stderr) }
        return nil
      }
      if line.contains(where: { !$0.isWhitespace }) { return line }
    }
  }
}
