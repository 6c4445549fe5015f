import Answers
import Basics
import Diagnostics
import Spool
import WebServer
import WorkerProtocol

/// One job.
enum JobPage {
  /// The page.
  ///
  /// - Throws: `job.unknown`.
  static func make(_ client: SpoolClient, _ id: String) throws -> WebResponse {
    let records = try client.records()
    guard let job = try records.job(id) else {
      throw Failure(.missingInput, code: .jobUnknown, "there is no job \(id)")
    }
    let attempts = try records.attempts(of: id)
    let text = try client.document(job, attempts)
    let document = try? JSONLine.decode(AnswerDocument.self, Array(text.utf8))
    let running = job.state == .running ? try client.live()?.running.first { $0.id == id } : nil
    let events = try records.events(of: id, after: 0, limit: 200)
    return PageFrame.page(
      job.name, current: "jobs",
      """
      <article id="job" data-job="\(job.id)" data-state="\(job.state.rawValue)">
      <p>\(JobWords.badge(job.state)) taken \(JobWords.time(job.created)),
      priority \(job.claim.priority), <code>\(job.id)</code></p>
      \(orders(job))
      \(now(job, running))
      \(questions(document))
      \(notes(document))
      \(pictures(job, document, root: client.root))
      \(links(job, root: client.root))
      \(facts(document))
      \(history(events))
      </article>
      """)
  }

  private static func orders(_ job: Job) -> Markup {
    func order(_ name: String, _ word: String) -> Markup {
      JobWords.button("/jobs/\(job.id)/\(word)", name, back: "/jobs/\(job.id)")
    }
    var buttons: [Markup] = []
    if !job.state.isFinal { buttons.append(order("Cancel", "cancel")) }
    if job.state.isWaiting { buttons.append(order("Hold", "hold")) }
    if job.state == .held { buttons.append(order("Release", "release")) }
    if job.state == .failed || job.state == .cancelled { buttons.append(order("Retry", "retry")) }
    return buttons.isEmpty ? "" : "<div class=\"orders\">\(buttons)</div>"
  }

  private static func now(_ job: Job, _ running: LiveStatus.Running?) -> Markup {
    guard !job.state.isFinal else { return "" }
    let share = Int((running?.progress?.share ?? 0) * 100)
    return """
      <section id="now" aria-label="Progress" aria-live="polite">
      <progress max="100" value="\(share)" aria-label="share of this stage">\(share) %</progress>
      <span class="how">\(running?.progress?.stage ?? job.state.rawValue)</span>
      <blockquote class="written">\(running?.written ?? "")</blockquote>
      <p>\(job.error?.message ?? "")</p>
      </section>
      """
  }

  private static func questions(_ document: AnswerDocument?) -> [Markup] {
    (document?.questions ?? []).map { question in
      var facts: [String] = []
      if let confidence = question.confidence { facts.append("confidence \(percent(confidence))") }
      if let ending = question.ending { facts.append(ending) }
      if let tokens = question.tokens { facts.append("\(tokens) tokens") }
      if let seconds = question.seconds { facts.append(TimeSpan.text(seconds: seconds)) }
      let choices = (question.choices ?? []).map { choice -> Markup in
        "<li>\(choice.text): \(percent(choice.confidence))</li>"
      }
      let thought: Markup? = question.thought.map {
        "<details><summary>What it thought</summary><p class=\"text\">\($0)</p></details>"
      }
      return """
        <section class="question"><h2>\(question.prompt)</h2>\(thought)
        <blockquote class="text">\(question.answer ?? "")</blockquote>
        \(choices.isEmpty ? nil : "<ul>\(choices)</ul>" as Markup)
        <p class="how">\(facts.joined(separator: ", "))</p></section>
        """
    }
  }

  private static func notes(_ document: AnswerDocument?) -> Markup {
    let warnings = (document?.warnings ?? []).map { "<li class=\"note\">\($0)</li>" as Markup }
    let error = document?.error.map { error -> Markup in
      "<p class=\"bad\">\(error.message). \(error.remedy ?? "") <code>\(error.code)</code></p>"
    }
    return "\(error)\(warnings.isEmpty ? nil : "<ul>\(warnings)</ul>" as Markup)"
  }

  private static func pictures(_ job: Job, _ document: AnswerDocument?, root: String) -> Markup {
    let shown = (document?.pictures ?? []).filter { JobFiles.has(job, $0, root: root) }.prefix(200)
    guard !shown.isEmpty else { return "" }
    let figures = shown.map { name -> Markup in
      let path: Markup = "/jobs/\(job.id)/files/\(PercentText.encoded(name))"
      guard !name.hasSuffix(".mp4") else {
        return
          "<figure><video controls src=\"\(path)\"></video><figcaption>\(name)</figcaption></figure>"
      }
      return """
        <figure><a href="\(path)"><img loading="lazy" src="\(path)" alt="what was looked at: \(name)"></a>
        <figcaption>\(name)</figcaption></figure>
        """
    }
    return """
      <section class="pictures" aria-label="Pictures"><h2>What it looked at</h2>
      <div class="figures" id="figures">\(figures)</div></section>
      """
  }

  private static func links(_ job: Job, root: String) -> Markup {
    let names = [
      ("report.html", "Report"), ("answer.json", "answer.json"), ("merging.json", "merging.json"),
    ]
    let links = names.filter { JobFiles.has(job, $0.0, root: root) }.map { name, title -> Markup in
      "<li><a href=\"/jobs/\(job.id)/files/\(name)\">\(title)</a></li>"
    }
    return links.isEmpty ? "" : "<ul class=\"links\">\(links)</ul>"
  }

  private static func facts(_ document: AnswerDocument?) -> Markup {
    guard let document, let tokens = document.tokens else { return "" }
    var rows: [(String, String)] = [
      ("Visual tokens", "\(tokens.visual), \(tokens.visualLeft) after merging"),
      ("Prompt", "\(tokens.prompt) tokens"),
    ]
    if let merging = document.merging { rows.append(("Profile", merging.profile)) }
    if let model = document.model {
      rows.append(("Model", "\(model.name), \(model.weights ?? "")"))
    }
    if let memory = document.memory {
      rows.append(
        ("Memory", "\(ByteCount.text(memory.peak)), \(ByteCount.text(memory.predicted)) predicted"))
    }
    if let seconds = document.seconds {
      rows.append(("Time", TimeSpan.text(seconds: seconds.total)))
    }
    for medium in document.media {
      let size = medium.size.map { "\($0.width) × \($0.height)" } ?? ""
      rows.append((medium.name, "\(medium.kind ?? "") \(medium.format ?? "") \(size)"))
    }
    let cells = rows.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" as Markup }
    return "<dl class=\"facts\">\(cells)</dl>"
  }

  private static func history(_ events: [JobEvent]) -> Markup {
    let rows = events.map { "<li>\(JobWords.time($0.time)) \($0.text)</li>" as Markup }
    return "<details><summary>History</summary><ol class=\"history\">\(rows)</ol></details>"
  }

  private static func percent(_ share: Double) -> String {
    share.isFinite ? "\(Int((share * 100).rounded())) %" : "–"
  }
}
