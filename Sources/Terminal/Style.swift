@preconcurrency import Glibc

/// Colors of terminal output, if enabled.
public struct Style: Sendable {
  /// The meaning of a color.
  public enum Meaning: Sendable {
    case plain, title, good, bad, busy, faint
  }

  private let isColored: Bool

  /// Colors on a terminal, unless `NO_COLOR` is set (no-color.org) or the terminal is dumb.
  public init(descriptor: Int32 = STDOUT_FILENO) {
    let forbids = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
    let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    isColored = isatty(descriptor) == 1 && !forbids && !isDumb
  }

  /// Enables or disables colors, whatever the terminal.
  public init(isColored: Bool) { self.isColored = isColored }

  /// The text in a color.
  public func text(_ text: String, _ meaning: Meaning) -> String {
    guard isColored else { return text }
    let code =
      switch meaning {
      case .plain: ""
      case .title: "1"
      case .good: "32"
      case .bad: "31"
      case .busy: "33"
      case .faint: "2"
      }
    return code.isEmpty ? text : "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }
}
