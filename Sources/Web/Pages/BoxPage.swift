import Answers
import Basics
import Spool
import WebServer
import WorkerProtocol

/// The machine, the model and what `illava doctor` says.
enum BoxPage {
  /// The page.
  static func make(
    _ client: SpoolClient, findings: [Checkup.Finding], history: [LoadHistory.Sample]
  ) throws -> WebResponse {
    let live = try client.live()
    let last = try client.records().lastChanged(in: [.done], limit: 1).first
    return PageFrame.page(
      "Box", current: "box",
      """
      <section aria-label="Now"><dl class="facts">\(facts(client, live, last))</dl></section>
      <section aria-label="The last day"><h2>The last day</h2>\(charts(history))</section>
      <section aria-label="Checks"><h2>What illava doctor says</h2>
      <ul class="findings">\(findings.map(finding))</ul></section>
      """)
  }

  private static func facts(_ client: SpoolClient, _ live: LiveStatus?, _ last: Job?) -> [Markup] {
    var rows: [(String, String)] = [("Spool", client.root)]
    if let live {
      let age = Double(Timestamp.nowMilliseconds - live.started) / 1000
      rows.append(("Daemon", "up \(TimeSpan.text(seconds: age)), \(ByteCount.text(live.memory))"))
      rows.append(("Model", live.model))
      rows.append(("Workers", "\(live.workers), \(live.running.count) busy"))
      rows.append(("Disk", "\(ByteCount.text(live.freeBytes)) free"))
    } else {
      rows.append(("Daemon", "not running"))
    }
    if let summary = last?.summary {
      let limit = summary.memoryBudget.map { ByteCount.text($0) } ?? "nothing"
      rows.append(
        (
          "Memory of the last job",
          "\(ByteCount.text(summary.peakMemory)) of \(limit) allowed; "
            + "\(summary.predictedMemory.map { ByteCount.text($0) } ?? "nothing") predicted"
        ))
      for text in summary.adaptations ?? [] { rows.append(("Given up to fit", text)) }
      rows.append(
        (
          "Tokens of the last job",
          "\(summary.visualTokens) of the media, \(summary.visualTokensLeft) after merging"
        ))
    }
    return rows.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" }
  }

  private static func charts(_ history: [LoadHistory.Sample]) -> Markup {
    guard history.count > 1 else {
      return "<p class=\"message\">Charts begin a minute after this service.</p>"
    }
    let answered = zip(history.dropFirst(), history).map { max(0, $0.done - $1.done) }
    let charts = [
      ChartPart.make("Jobs that wait", history.map(\.waiting)) { "\($0)" },
      ChartPart.make("Answers per minute", answered) { "\($0)" },
      ChartPart.make("Memory of the workers", history.map(\.workers)) { ByteCount.text($0) },
      ChartPart.make("Free on the disk", history.map(\.free)) { ByteCount.text($0) },
    ]
    return "<div class=\"charts\">\(charts)</div>"
  }

  private static func finding(_ finding: Checkup.Finding) -> Markup {
    """
    <li class="\(finding.level.rawValue)"><b>\(finding.level.rawValue)</b> \(finding.subject):
    \(finding.message)\(finding.remedy.map { " <span>\($0)</span>" as Markup })</li>
    """
  }
}
