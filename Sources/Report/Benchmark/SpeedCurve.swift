import Engine

/// Seconds per stage against the number of frames, or against the pixels of one image.
public struct SpeedCurve: Sendable {
  private let chart: LineChart

  /// The drawing as a file's text: an SVG that reads in light and dark.
  public var svg: String { chart.svg }

  /// The curve of rows of several sizes; `nil` without rows.
  public init?(_ rows: [BenchmarkRow]) {
    let isByFrames = rows.contains { $0.frames != nil }
    let names = rows.reduce(into: [String]()) { names, row in
      if !names.contains(row.name) { names.append(row.name) }
    }
    func series(
      _ stage: String, _ name: String, _ seconds: (BenchmarkRow) -> Double
    ) -> LineChart.Series {
      LineChart.Series(
        name: "\(stage), \(name)",
        points: rows.filter { $0.name == name }.map { row in
          let pixels = Double(row.width) * Double(row.height) * 1e-6
          return LineChart.Point(
            x: isByFrames ? Double(row.frames ?? 1) : pixels, y: seconds(row),
            label: "\(row.work), \(name): \(Numbers.seconds(seconds(row))) in the \(stage)")
        })
    }
    let lines = names.flatMap { name in
      [series("ViT", name) { $0.visionSeconds }, series("prefill", name) { $0.prefillSeconds }]
    }
    let chart = LineChart(
      title: "Seconds per stage against \(isByFrames ? "frames" : "pixels")",
      horizontal: isByFrames ? "frames" : "pixels, millions", vertical: "seconds", series: lines)
    guard let chart else { return nil }
    self.chart = chart
  }
}
