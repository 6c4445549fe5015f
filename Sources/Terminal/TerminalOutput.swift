@preconcurrency import Glibc

/// Unbuffered text for standard output, so that an answer is visible while it is being written.
public enum TerminalOutput {
  /// Writes text and flushes.
  public static func write(_ text: String) {
    // With an explicit length, because an answer may contain NUL characters.
    let bytes = Array(text.utf8)
    fwrite(bytes, 1, bytes.count, stdout)
    fflush(stdout)
  }
}
