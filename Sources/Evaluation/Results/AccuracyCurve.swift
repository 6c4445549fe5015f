/// Accuracy against visual tokens kept, as an SVG that reads in light and dark.
///
/// Every series has its own color (Okabe and Ito, 2008), mark and line, so that it is told apart
/// without colors too.
public struct AccuracyCurve: Sendable {
  private let series: [Series]
  private let reference: VariantResult?
  private let horizontal: ChartAxis
  private let vertical: ChartAxis

  private struct Series {
    let name: String
    let results: [VariantResult]
  }

  private static let width = 760.0
  private static let height = 460.0
  private static let plot = (left: 64.0, top: 24.0, right: 560.0, bottom: 404.0)
  private static let colors = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6bb1", "#7f7f7f",
  ]
  private static let dashes = ["", "6 3", "2 3", "8 3 2 3"]
  /// Marks of about ten units around the origin.
  private static let marks = [
    "M-4 0A4 4 0 1 1 4 0A4 4 0 1 1 -4 0Z", "M-4-4H4V4H-4Z", "M0-5L5 4H-5Z", "M0-5L5 0L0 5L-5 0Z",
    "M0 5L5-4H-5Z", "M-1.5-5H1.5V-1.5H5V1.5H1.5V5H-1.5V1.5H-5V-1.5H-1.5Z",
  ]

  /// The curve of a report; without a variant that ran there is nothing to draw.
  public init?(_ report: EvaluationReport) {
    let ran = report.results.filter { $0.problem == nil && $0.answers.questions > 0 }
    guard !ran.isEmpty else { return nil }
    reference = ran.first { $0.name == "off" }
    var series: [Series] = []
    for result in ran where result.name != "off" {
      if series.contains(where: { $0.name == result.name }) { continue }
      series.append(
        Series(
          name: result.name,
          results: ran.filter { $0.name == result.name }.sorted { $0.share < $1.share }))
    }
    self.series = series
    horizontal = ChartAxis(
      covering: ran.map { $0.share * 100 }, from: Self.plot.left, to: Self.plot.right)
    vertical = ChartAxis(
      covering: ran.map { $0.answers.accuracy * 100 }, from: Self.plot.bottom, to: Self.plot.top)
  }

  /// The drawing as a file's text.
  public var svg: String {
    let size = "\(Int(Self.width)) \(Int(Self.height))"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" role="img" \
      aria-label="Accuracy against visual tokens kept" font-family="sans-serif" font-size="12">
      <style>
      .ink { fill: #1f2328 } .axis { stroke: #1f2328 } .grid { stroke: #d0d7de }
      @media (prefers-color-scheme: dark) {
      .ink { fill: #e6edf3 } .axis { stroke: #e6edf3 } .grid { stroke: #3d444d }
      }
      </style>
      \((axes + baseline + curves + legend).joined(separator: "\n"))
      </svg>

      """
  }

  private var axes: [String] {
    let plot = Self.plot
    var lines: [String] = []
    for tick in horizontal.ticks {
      let x = Self.number(horizontal.place(tick))
      lines.append("<path class=\"grid\" d=\"M\(x) \(plot.top)V\(plot.bottom)\"/>")
      lines.append(
        text(tickLabel(tick), x, plot.bottom + 18, anchor: "middle", kind: "x-tick"))
    }
    for tick in vertical.ticks {
      let y = Self.number(vertical.place(tick))
      lines.append("<path class=\"grid\" d=\"M\(plot.left) \(y)H\(plot.right)\"/>")
      lines.append(text(tickLabel(tick), plot.left - 8, y + 4, anchor: "end", kind: "y-tick"))
    }
    lines.append(
      "<path class=\"axis\" fill=\"none\" d=\"M\(plot.left) \(plot.top)V\(plot.bottom)"
        + "H\(plot.right)\"/>")
    lines.append(
      text(
        "visual tokens left, % of all", (plot.left + plot.right) / 2, plot.bottom + 40,
        anchor: "middle"))
    lines.append(
      "<text class=\"ink\" text-anchor=\"middle\" transform=\"translate(18 "
        + "\((plot.top + plot.bottom) / 2)) rotate(-90)\">right answers, %</text>")
    return lines
  }

  /// Without merging: a line to compare with at every number of tokens.
  private var baseline: [String] {
    guard let reference else { return [] }
    let y = Self.number(vertical.place(reference.answers.accuracy * 100))
    return [
      "<path class=\"axis\" stroke-dasharray=\"1 4\" stroke-width=\"1.5\" "
        + "d=\"M\(Self.plot.left) \(y)H\(Self.plot.right)\"/>",
      point(reference, mark: 0, color: nil),
    ]
  }

  private var curves: [String] {
    series.enumerated().flatMap { index, series in
      let color = Self.color(index)
      let places = series.results.map { result in
        "\(Self.number(horizontal.place(result.share * 100))) "
          + "\(Self.number(vertical.place(result.answers.accuracy * 100)))"
      }
      let line =
        "<path fill=\"none\" stroke=\"\(color)\" stroke-width=\"2\""
        + " stroke-dasharray=\"\(Self.dash(index))\" d=\"M\(places.joined(separator: "L"))\"/>"
      return [line] + series.results.map { point($0, mark: index, color: color) }
    }
  }

  private var legend: [String] {
    var lines: [String] = []
    var y = Self.plot.top + 8
    let x = Self.plot.right + 20
    for (index, series) in series.enumerated() {
      let color = Self.color(index)
      lines.append(
        "<path stroke=\"\(color)\" stroke-width=\"2\" stroke-dasharray=\"\(Self.dash(index))\" "
          + "d=\"M\(x) \(y)h28\"/>")
      lines.append(
        "<path fill=\"\(color)\" transform=\"translate(\(x + 14) \(y))\" "
          + "d=\"\(Self.marks[index % Self.marks.count])\"/>")
      lines.append(text(series.name, x + 36, y + 4, anchor: "start"))
      y += 20
    }
    if reference != nil {
      lines.append(
        "<path class=\"axis\" stroke-dasharray=\"1 4\" stroke-width=\"1.5\" d=\"M\(x) \(y)h28\"/>")
      lines.append(text("off", x + 36, y + 4, anchor: "start"))
    }
    return lines
  }

  /// A mark with its numbers as a tooltip.
  private func point(_ result: VariantResult, mark: Int, color: String?) -> String {
    let x = Self.number(horizontal.place(result.share * 100))
    let y = Self.number(vertical.place(result.answers.accuracy * 100))
    let label = Self.escaped(EvaluationReport.label(result))
    let paint = color.map { "fill=\"\($0)\"" } ?? "class=\"ink\""
    return "<g class=\"point\" data-series=\"\(Self.escaped(result.name))\" "
      + "transform=\"translate(\(x) \(y))\"><title>\(label): \(TextTable.percent(result.share)) left, "
      + "\(TextTable.percent(result.answers.accuracy)) right</title>"
      + "<path \(paint) d=\"\(Self.marks[mark % Self.marks.count])\"/></g>"
  }

  private func text(
    _ text: String, _ x: Double, _ y: Double, anchor: String, kind: String? = nil
  ) -> String {
    let marked = kind.map { " data-kind=\"\($0)\"" } ?? ""
    return "<text class=\"ink\"\(marked) x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\">"
      + "\(Self.escaped(text))</text>"
  }

  private func tickLabel(_ value: Double) -> String {
    TextTable.decimal(value, value == value.rounded() ? 0 : 1)
  }

  private static func color(_ index: Int) -> String { colors[index % colors.count] }

  private static func dash(_ index: Int) -> String {
    dashes[index / colors.count % dashes.count]
  }

  /// A hundredth of a unit is finer than any screen.
  private static func number(_ value: Double) -> Double { (value * 100).rounded() / 100 }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
  }
}
