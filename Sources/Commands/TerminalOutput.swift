import Terminal

/// Unbuffered text for standard output, so that an answer is visible while it is being written.
enum TerminalOutput {
  static func write(_ text: String) { Terminal.TerminalOutput.write(text) }
}
