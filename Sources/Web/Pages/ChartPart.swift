/// A small chart of the last day.
enum ChartPart {
  private static let width = 240
  private static let height = 48

  /// The chart of some values, one per minute, with the latest in words.
  ///
  /// - Parameter text: a value in words.
  static func make(_ title: String, _ values: [Int], _ text: (Int) -> String) -> Markup {
    guard let last = values.last, let top = values.max() else { return "" }
    let scale = Double(max(1, top))
    let step = Double(width) / Double(max(1, values.count - 1))
    let points = values.enumerated().map { index, value in
      let x = (Double(index) * step * 10).rounded() / 10
      let y = (Double(height - 2) * (1 - Double(max(0, value)) / scale) * 10).rounded() / 10 + 1
      return "\(x),\(y)"
    }.joined(separator: " ")
    return """
      <figure class="chart"><figcaption>\(title): <b>\(text(last))</b>, at most \(text(top))</figcaption>
      <svg viewBox="0 0 \(width) \(height)" role="img" aria-label="\(title) over the last day">
      <polyline points="\(points)" fill="none" stroke="currentColor" stroke-width="2"
      vector-effect="non-scaling-stroke"/></svg></figure>
      """
  }
}
