@preconcurrency import Glibc

/// Text for standard output that is seen at once, as an answer that is still being written has to be.
public enum TerminalOutput {
  /// Writes text and flushes.
  public static func write(_ text: String) {
    // By length: an answer may hold NUL characters.
    let bytes = Array(text.utf8)
    fwrite(bytes, 1, bytes.count, stdout)
    fflush(stdout)
  }
}
