import Terminal

/// Text from elsewhere on a terminal: its lines stay, its control characters go.
enum SafeText {
  static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { TextWidth.plain(String($0)) }.joined(separator: "\n")
  }
}
