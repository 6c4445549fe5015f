/// Names for claimed files that every tool can handle and that resemble the original.
enum SafeName {
  /// The name in text without control characters, slashes or a leading dot or dash, unique among
  /// `taken`, at most 200 bytes, its ending kept.
  static func make(_ name: BytePath, taken: inout Set<String>) -> String {
    var text = name.last.escaped.replacing("\\", with: "_").replacing("/", with: "_")
    if text.isEmpty || text.hasPrefix(".") || text.hasPrefix("-") { text = "_" + text }
    var stem = text
    var ending = ""
    if let dot = text.lastIndex(of: "."), dot > text.startIndex, text[dot...].utf8.count <= 16 {
      stem = String(text[..<dot])
      ending = String(text[dot...])
    }
    // 200 of the at most 255 bytes of a name: room for a number and for `.NAME.new`.
    while stem.utf8.count + ending.utf8.count > 200 { stem.removeLast() }
    var result = stem + ending
    var number = 2
    while !taken.insert(result).inserted {
      result = "\(stem)-\(number)\(ending)"
      number += 1
    }
    return result
  }
}
