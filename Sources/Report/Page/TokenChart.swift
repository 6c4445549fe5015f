import Engine
import Merging

/// The number of visual tokens before and after every merging layer, as a small SVG bar chart.
struct TokenChart {
  /// A bar.
  struct Bar: Equatable {
    let name: String
    let tokens: Int
  }

  let bars: [Bar]

  /// The bars of an answer: all visual tokens, then those that each merging layer left.
  init(_ answer: Answer) {
    bars =
      [Bar(name: "before", tokens: answer.visualTokens)]
      + answer.steps.map { Bar(name: SourceView.name($0), tokens: answer.tokens(after: $0)) }
  }

  /// The chart; colors come from the page.
  var svg: String {
    let top = Double(max(1, bars.map(\.tokens).max() ?? 1))
    let line = 22
    let (left, room) = (58, 220)
    var rows = ""
    for (index, bar) in bars.enumerated() {
      let y = index * line
      let width = max(1, Int((Double(room) * Double(bar.tokens) / top).rounded()))
      let share = SourceView.percent(bar.tokens, of: bars[0].tokens)
      rows += """
        <text x="\(left - 8)" y="\(y + 15)" text-anchor="end">\(HTMLText.escape(bar.name))</text>\
        <rect x="\(left)" y="\(y + 3)" width="\(width)" height="\(line - 6)" rx="2"/>\
        <text x="\(left + width + 6)" y="\(y + 15)">\(bar.tokens) <tspan>\(share)</tspan></text>

        """
    }
    let height = bars.count * line
    return """
      <svg class="chart" viewBox="0 0 380 \(height)" width="380" height="\(height)" role="img" \
      aria-label="Visual tokens left after each merging layer">
      \(rows)</svg>
      """
  }
}
