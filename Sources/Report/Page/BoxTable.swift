import Answers
import Engine

/// The boxes of an answer as a table: numbers and colors are those of the picture.
struct BoxTable {
  let boxes: [AnswerDocument.Box]
  let sources: [Source]

  /// The most rows; there can be a thousand boxes.
  static let limit = BoxPictures.limit

  /// The table; nothing where there are no boxes.
  var html: String {
    guard !boxes.isEmpty else { return "" }
    let rows = boxes.prefix(Self.limit).enumerated().map { row($0 + 1, $1) }
    let rest = boxes.count - rows.count
    let more =
      rest > 0 ? "\n<p class=\"faint\">And \(rest) more, in <code>answer.json</code>.</p>" : ""
    return """
      <table class="boxes">
      \(rows.joined(separator: "\n"))
      </table>\(more)
      """
  }

  private func row(_ number: Int, _ box: AnswerDocument.Box) -> String {
    let color = BoxColors.color(number)
    let back = "rgb(\(color.red) \(color.green) \(color.blue))"
    let letters = BoxColors.letters(on: color) == .ink ? "#1c1e22" : "#fafaf8"
    let label = box.label.map { "<span dir=\"auto\">\(HTMLText.escape($0))</span>" } ?? ""
    return """
      <tr><td><b class="tag" style="background: \(back); color: \(letters)">\(number)</b></td>\
      <td class="said">\(label)</td><td>\(HTMLText.escape(box.kind))</td>\
      <td>\(HTMLText.escape(BoxText.pixels(box.pixels)))</td>\
      <td>\(HTMLText.escape(place(box)))</td></tr>
      """
  }

  private func place(_ box: AnswerDocument.Box) -> String {
    guard let index = box.media, sources.indices.contains(index) else { return "picture unknown" }
    let time = box.frame.map { ", \(SourceView.time($0.seconds))" } ?? ""
    return SourceView.title(of: sources[index], index: index) + time
  }
}
