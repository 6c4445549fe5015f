extension String {
  /// The text in quotes, fit for a terminal: a name from a file may be megabytes long or hold
  /// escape sequences.
  var quoted: String {
    var shown = "'"
    var count = 0
    for scalar in unicodeScalars {
      // 200 is well over the longest name in use (about 80) and still one screenful.
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
