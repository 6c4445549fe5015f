import Terminal

/// Text for standard output that is seen at once, as an answer that is still being written has to be.
enum TerminalOutput {
  static func write(_ text: String) { Terminal.TerminalOutput.write(text) }
}
