/// A line chart as an SVG that is readable in light and dark mode.
///
/// Every series has its own color (Okabe and Ito, 2008), marker and line style, so that it can be told
/// apart without colors, too.
public struct LineChart: Sendable {
  /// A point and the numbers behind it, which are shown as a tooltip.
  public struct Point: Sendable {
    let x: Double
    let y: Double
    let label: String

    /// A point; `label` is the text of its tooltip.
    public init(x: Double, y: Double, label: String) {
      self.x = x
      self.y = y
      self.label = label
    }
  }

  /// Points that are connected, from left to right.
  public struct Series: Sendable {
    let name: String
    let points: [Point]

    /// A line and its name in the legend.
    public init(name: String, points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  private let title: String
  private let horizontalTitle: String
  private let verticalTitle: String
  private let series: [Series]
  private let reference: Series?
  private let horizontal: ChartAxis
  private let vertical: ChartAxis

  private static let minWidth = 760.0
  private static let minHeight = 460.0
  /// The average width of a letter of the legend at a font size of 12, at most.
  private static let letterWidth = 7.0
  private static let legend = (line: 20.0, indent: 36.0)
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

  /// - Parameters:
  ///   - title: what the drawing shows, for people who cannot see it.
  ///   - horizontal: the title of the horizontal axis.
  ///   - vertical: the title of the vertical axis.
  ///   - series: the lines to draw.
  ///   - reference: one point to compare with, drawn as a horizontal line.
  /// - Returns: `nil` where there are no points.
  public init?(
    title: String, horizontal: String, vertical: String, series: [Series], reference: Series? = nil
  ) {
    let points = (series + (reference.map { [$0] } ?? [])).flatMap(\.points)
    guard !points.isEmpty else { return nil }
    self.title = title
    horizontalTitle = horizontal
    verticalTitle = vertical
    self.series = series
    self.reference = reference
    self.horizontal = ChartAxis(
      covering: points.map(\.x), from: Self.plot.left, to: Self.plot.right)
    self.vertical = ChartAxis(
      covering: points.map(\.y), from: Self.plot.bottom, to: Self.plot.top)
  }

  /// The drawing as a file's text.
  public var svg: String {
    let size = "\(Int(width)) \(Int(height))"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" role="img" \
      aria-label="\(Self.escaped(title))" font-family="sans-serif" font-size="12">
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

  /// The width, enough for the longest name in the legend.
  private var width: Double {
    let names = series.map(\.name) + (reference.map { [$0.name] } ?? [])
    let longest = Double(names.map(\.count).max() ?? 0) * Self.letterWidth
    return max(Self.minWidth, Self.plot.right + 20 + Self.legend.indent + longest + 8)
  }

  /// The height, enough for the legend.
  private var height: Double {
    max(Self.minHeight, Self.plot.top + Double(series.count + 2) * Self.legend.line)
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
        horizontalTitle, (plot.left + plot.right) / 2, plot.bottom + 40,
        anchor: "middle"))
    lines.append(
      "<text class=\"ink\" text-anchor=\"middle\" transform=\"translate(18 "
        + "\((plot.top + plot.bottom) / 2)) rotate(-90)\">\(Self.escaped(verticalTitle))</text>")
    return lines
  }

  /// A horizontal line to compare with.
  private var baseline: [String] {
    guard let reference, let first = reference.points.first else { return [] }
    let y = Self.number(vertical.place(first.y))
    return [
      "<path class=\"axis\" stroke-dasharray=\"1 4\" stroke-width=\"1.5\" "
        + "d=\"M\(Self.plot.left) \(y)H\(Self.plot.right)\"/>",
      mark(first, of: reference.name, mark: 0, color: nil),
    ]
  }

  private var curves: [String] {
    series.enumerated().flatMap { index, series in
      let color = Self.color(index)
      let places = series.points.map { point in
        "\(Self.number(horizontal.place(point.x))) \(Self.number(vertical.place(point.y)))"
      }
      let line =
        "<path fill=\"none\" stroke=\"\(color)\" stroke-width=\"2\""
        + " stroke-dasharray=\"\(Self.dash(index))\" d=\"M\(places.joined(separator: "L"))\"/>"
      return [line] + series.points.map { mark($0, of: series.name, mark: index, color: color) }
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
      lines.append(text(series.name, x + Self.legend.indent, y + 4, anchor: "start"))
      y += Self.legend.line
    }
    if let reference {
      lines.append(
        "<path class=\"axis\" stroke-dasharray=\"1 4\" stroke-width=\"1.5\" d=\"M\(x) \(y)h28\"/>")
      lines.append(text(reference.name, x + Self.legend.indent, y + 4, anchor: "start"))
    }
    return lines
  }

  /// A marker with its numbers as a tooltip.
  private func mark(_ point: Point, of name: String, mark: Int, color: String?) -> String {
    let x = Self.number(horizontal.place(point.x))
    let y = Self.number(vertical.place(point.y))
    let paint = color.map { "fill=\"\($0)\"" } ?? "class=\"ink\""
    return "<g class=\"point\" data-series=\"\(Self.escaped(name))\" "
      + "transform=\"translate(\(x) \(y))\"><title>\(Self.escaped(point.label))</title>"
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
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : Numbers.fixed(value, 1)
  }

  private static func color(_ index: Int) -> String { colors[index % colors.count] }

  private static func dash(_ index: Int) -> String {
    dashes[index / colors.count % dashes.count]
  }

  /// Rounds to hundredths of a unit, which is finer than any screen.
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
