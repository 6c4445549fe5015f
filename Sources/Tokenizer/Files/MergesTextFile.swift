import Diagnostics

/// `merges.txt`: one merge a line, the two tokens with a space between them.
enum MergesTextFile {
  /// Adds the merges of the file in its order, after the tokens were read.
  static func read(
    _ file: String, _ bytes: [UInt8], into parts: inout VocabularyParts
  ) throws(Failure) {
    parts.expectMerges(bytes.count { $0 == 0x0A } + 1)
    var line = 0
    var start = 0
    var left: [UInt8] = []
    var right: [UInt8] = []
    while start < bytes.count {
      line += 1
      let lineEnd = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      var end = lineEnd
      if end > start, bytes[end - 1] == 0x0D { end -= 1 }
      let text = bytes[start..<end]
      start = lineEnd + 1
      if text.isEmpty || text.starts(with: "#version".utf8) { continue }
      func damaged(_ expected: String) -> Failure {
        Failure(
          .modelUnusable, code: .tokenizerFileDamaged,
          "\(file), line \(line): expected \(expected)", remedy: "Fetch the checkpoint again.")
      }
      guard let space = text.firstIndex(of: 0x20), space > text.startIndex,
        space + 1 < text.endIndex, !text[(space + 1)...].contains(0x20)
      else { throw damaged("two tokens with a space between them") }
      left.removeAll(keepingCapacity: true)
      right.removeAll(keepingCapacity: true)
      left += text[..<space]
      right += text[(space + 1)...]
      if let complaint = parts.addMerge(left, right) { throw damaged(complaint) }
    }
  }
}
