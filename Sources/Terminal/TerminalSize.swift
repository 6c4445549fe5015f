@preconcurrency import Glibc

/// The size of the terminal that standard output is connected to.
public enum TerminalSize {
  /// The number of columns; `nil` where output goes to a file or a pipe.
  public static var columns: Int? {
    guard isatty(STDOUT_FILENO) == 1 else { return nil }
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return Int(size.ws_col)
    }
    let named = getenv("COLUMNS").flatMap { Int(String(cString: $0)) } ?? 80
    return min(10_000, max(1, named))
  }

  /// The number of rows; `nil` where output goes to a file or a pipe, or the number is unknown.
  public static var rows: Int? {
    var size = winsize()
    guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0,
      size.ws_row > 0
    else { return nil }
    return Int(size.ws_row)
  }
}
