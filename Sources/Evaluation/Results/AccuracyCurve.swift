import Basics
import Report

/// Accuracy against visual tokens kept; or, where profiles ran within memory limits, accuracy and visual
/// tokens kept against the limit.
public struct AccuracyCurve: Sendable {
  private let chart: LineChart

  /// The drawing as a file's text: an SVG that reads in light and dark.
  public var svg: String { chart.svg }

  /// The curve of a report; `nil` where no variant ran.
  public init?(_ report: EvaluationReport) {
    let ran = report.results.filter { $0.problem == nil && $0.answers.questions > 0 }
    let off = ran.first { $0.name == "off" && $0.memory == nil }
    let others = ran.filter { $0.name != "off" || $0.memory != nil }
    let isByMemory = others.contains { $0.memory != nil }
    let chart =
      isByMemory
      ? Self.byMemory(others.filter { $0.memory != nil }) : Self.byTokens(others, off: off)
    guard let chart else { return nil }
    self.chart = chart
  }

  private static func byTokens(_ results: [VariantResult], off: VariantResult?) -> LineChart? {
    func point(_ result: VariantResult) -> LineChart.Point {
      LineChart.Point(
        x: result.share * 100, y: result.answers.accuracy * 100,
        label: "\(EvaluationReport.label(result)): \(DecimalText.percent(result.share)) left, "
          + "\(DecimalText.percent(result.answers.accuracy)) right")
    }
    return LineChart(
      title: "Accuracy against visual tokens kept", horizontal: "visual tokens left, % of all",
      vertical: "right answers, %",
      series: names(results).map { name in
        let own = results.filter { $0.name == name }.sorted { $0.share < $1.share }
        return LineChart.Series(name: name, points: own.map(point))
      }, reference: off.map { LineChart.Series(name: $0.name, points: [point($0)]) })
  }

  /// Two lines per profile. A question that does not fit into the memory counts as answered wrong.
  private static func byMemory(_ results: [VariantResult]) -> LineChart? {
    var series: [LineChart.Series] = []
    for name in names(results) {
      let own = results.filter { $0.name == name }.sorted { ($0.memory ?? 0) < ($1.memory ?? 0) }
      func points(_ what: String, _ value: (VariantResult) -> Double) -> LineChart.Series {
        LineChart.Series(
          name: "\(name), \(what)",
          points: own.map { result in
            LineChart.Point(
              x: Double(result.memory ?? 0) / 0x1p20, y: value(result) * 100,
              label:
                "\(EvaluationReport.label(result)): \(DecimalText.percent(value(result))) \(what)"
            )
          })
      }
      series.append(points("right") { $0.shareRight })
      series.append(points("tokens left") { $0.share })
    }
    return LineChart(
      title: "Right answers and visual tokens kept against memory",
      horizontal: "memory the whole process may hold, MiB", vertical: "%", series: series)
  }

  /// The names of the profiles, each once, in the order they ran.
  private static func names(_ results: [VariantResult]) -> [String] {
    results.reduce(into: []) { names, result in
      if !names.contains(result.name) { names.append(result.name) }
    }
  }
}
