import Diagnostics
import Foundation
import FoundationXML
import Testing

@testable import Evaluation
@testable import Report

@Suite("Curves")
struct CurveTests {
  /// A result with the numbers a curve is drawn from.
  private func result(
    _ name: String, _ retention: Double?, left: Int, right: Int, failed: Int = 0,
    memory: Int? = nil
  ) -> VariantResult {
    let records = (1...200).map { row in
      var record = EvaluationRecord(variant: "", row: row, id: "\(row)")
      record.isRight = row <= right
      record.visualTokens = 1000
      record.visualTokensLeft = left
      if row > 200 - failed { record.failure = .memoryNever }
      return record
    }
    var variant = EvaluationVariant(name: name, retention: retention, merging: .init())
    variant.memory = memory
    return VariantResult(variant, records: records, groups: ImageGroups([]), problem: nil)
  }

  @Test("variants are compared question by question, where both answered")
  func differences() {
    func records(_ right: String) -> [EvaluationRecord] {
      right.enumerated().map { row, mark in
        var record = EvaluationRecord(variant: "", row: row, id: "")
        record.isRight = mark == "+"
        record.failure = mark == "?" ? FailureCode(rawValue: "media.damaged") : nil
        return record
      }
    }
    let one = AnswerDifference(records("++-+-?-+++"), against: records("+++--+-+?+"))
    #expect((one.questions, one.gained, one.lost) == (8, 1, 1))
    #expect(one.difference == 0)
    #expect(abs(one.standardError - (0.25 / 8).squareRoot()) < 1e-12)
    let two = AnswerDifference(records("----"), against: records("+-+-"))
    #expect(two.difference == -0.5)
    #expect(abs(two.standardError - 0.25) < 1e-12)
    #expect(AnswerDifference([], against: []).standardError == 0)
  }

  private func report(_ results: [VariantResult]) -> EvaluationReport {
    EvaluationReport(data: "set.tsv", rows: 200, damaged: [], results: results)
  }

  /// Reads points and ticks from a drawing.
  private final class Reader: NSObject, XMLParserDelegate {
    var points: [(name: String, x: Double, y: Double)] = []
    var ticks: [String: [(place: Double, value: Double)]] = [:]
    private var tick: (kind: String, place: Double)?

    func parser(
      _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String] = [:]
    ) {
      if attributes["class"] == "point", let name = attributes["data-series"] {
        let numbers = (attributes["transform"] ?? "").split { !"-.0123456789".contains($0) }
          .compactMap { Double($0) }
        points.append((name, numbers[0], numbers[1]))
      }
      if let kind = attributes["data-kind"] {
        let place = kind == "x-tick" ? Double(attributes["x"] ?? "") : Double(attributes["y"] ?? "")
        tick = (kind, place ?? .nan)
      }
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
      guard let tick, let value = Double(text) else { return }
      ticks[tick.kind, default: []].append((tick.place, value))
      self.tick = nil
    }

    /// The value at a place, by the first and the last tick.
    func value(_ kind: String, at place: Double) -> Double {
      let ticks = ticks[kind] ?? []
      guard let first = ticks.first, let last = ticks.last, last.place != first.place else {
        return .nan
      }
      let share = (place - first.place) / (last.place - first.place)
      return first.value + share * (last.value - first.value)
    }
  }

  private func read(_ svg: String) throws -> Reader {
    let reader = Reader()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = reader
    #expect(parser.parse())
    return reader
  }

  @Test("every mark lies where the table has it")
  func points() throws {
    let results = [
      result("off", nil, left: 1000, right: 191), result("exact", 0.5, left: 498, right: 180),
      result("exact", 0.35, left: 351, right: 171), result("exact", 0.15, left: 148, right: 93),
      result("random", 0.5, left: 498, right: 150), result("a<b & \"c\"", nil, left: 77, right: 33),
    ]
    let report = report(results)
    let reader = try read(try #require(AccuracyCurve(report)).svg)
    #expect(reader.points.count == results.count)
    for result in results {
      let found = reader.points.contains { point in
        // Labels stand four units below the line of their value.
        let y = reader.value("y-tick", at: point.y + 4)
        return point.name == result.name
          && abs(reader.value("x-tick", at: point.x) - result.share * 100) < 0.05
          && abs(y - result.answers.accuracy * 100) < 0.05
      }
      #expect(found, "\(result.name) \(result.share)")
    }
  }

  @Test("within amounts of memory, answers and tokens are drawn against those")
  func memory() throws {
    let results = [
      result("off", nil, left: 1000, right: 191),
      result("tuned", nil, left: 300, right: 180, memory: 120 << 20),
      result("tuned", nil, left: 100, right: 80, failed: 40, memory: 96 << 20),
    ]
    let reader = try read(try #require(AccuracyCurve(report(results))).svg)
    // An unanswered question counts as wrong: 80 of 200, not of 160.
    for (name, x, y) in [
      ("tuned, right", 96.0, 40.0), ("tuned, right", 120, 90), ("tuned, tokens left", 96, 10),
      ("tuned, tokens left", 120, 30),
    ] {
      #expect(
        reader.points.contains { point in
          point.name == name && abs(reader.value("x-tick", at: point.x) - x) < 0.1
            && abs(reader.value("y-tick", at: point.y + 4) - y) < 0.1
        }, "\(name) within \(x) MiB")
    }
    #expect(reader.points.count == 4)
    #expect(EvaluationReport.label(results[2]) == "tuned within 96 MiB")
  }

  @Test(
    "axes have a few round ticks and hold every value",
    arguments: [[50.0], [0, 100], [96.1, 97.3], [0.5, 0.5], [15, 34.2, 100], [99.99, 100]])
  func axes(_ values: [Double]) {
    let axis = ChartAxis(covering: values, from: 0, to: 300)
    #expect(2...12 ~= axis.ticks.count)
    for value in values { #expect(-0.001...300.001 ~= axis.place(value)) }
    #expect(axis.ticks.allSatisfy { -0.001...100.001 ~= $0 })
    #expect(axis.place(axis.ticks[0]) == 0)
  }

  @Test("more series than colors stay apart, and nothing at all is no drawing")
  func manySeries() throws {
    let many = (0..<12).map { result("s\($0)", nil, left: 100 + $0, right: 100 + $0) }
    let svg = try #require(AccuracyCurve(report(many))).svg
    let lines = svg.split(separator: "\n").filter { $0.contains("fill=\"none\" stroke=\"#") }
    let looks = lines.map { $0.components(separatedBy: " d=")[0] }
    #expect(Set(looks).count == 12)
    #expect(svg.contains("prefers-color-scheme: dark"))
    #expect(AccuracyCurve(report([])) == nil)
  }

  @Test("the drawing is as wide and as high as the names beside it")
  func legend() throws {
    let name = "tuned:vit-mode=3:llm-mode=3:vit-score=random"
    let many = (0..<30).map { result("\(name)-\($0)", nil, left: 100 + $0, right: 100 + $0) }
    let svg = try #require(AccuracyCurve(report(many))).svg
    let box = try #require(svg.firstMatch(of: /viewBox="0 0 (\d+) (\d+)"/))
    let (width, height) = (try #require(Int(box.1)), try #require(Int(box.2)))
    let texts = svg.matches(of: /<text[^>]* x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]+)</)
    #expect(texts.count > 30)
    for text in texts {
      let (x, y) = (try #require(Double(text.1)), try #require(Double(text.2)))
      if text.3.hasPrefix(name) { #expect(x + 6.5 * Double(text.3.count) <= Double(width)) }
      #expect(y < Double(height))
    }
  }
}
