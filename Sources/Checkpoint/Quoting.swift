extension String {
  /// The text in quotes, safe for a terminal: a name from a file may be megabytes long or contain escape
  /// sequences.
  var quoted: String {
    var shown = "'"
    var count = 0
    for scalar in unicodeScalars {
      // 200 is well above the longest name in use (about 80) and still fits on a screen.
      guard count < 200 else {
        shown += "…"
        break
      }
      count += 1
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        shown += "\\u{" + String(scalar.value, radix: 16) + "}"
      default:
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown + "'"
  }
}
