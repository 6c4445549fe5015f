import Answers
import Basics
import Diagnostics
import Spool
import WorkerProtocol

/// Jobs in words and pieces of HTML.
enum JobWords {
  /// A point in time, for programs and for people.
  static func time(_ milliseconds: Int) -> Markup {
    let text = Timestamp.text(milliseconds: milliseconds)
    return "<time datetime=\"\(text)\">\(shown(text))</time>"
  }

  /// `2026-11-27 18:02:05` in place of `2026-11-27T18:02:05.000Z`.
  private static func shown(_ text: String) -> String {
    text.replacing("T", with: " ").prefix(19) + " UTC"
  }

  /// A state as a colored word.
  static func badge(_ state: JobState) -> Markup {
    "<span class=\"state \(state.rawValue)\">\(state.rawValue)</span>"
  }

  /// The outcome of a job in one line.
  static func outcome(_ job: Job) -> String {
    if job.state == .done { return job.summary?.answer ?? "" }
    return job.error?.message ?? ""
  }

  /// The path of a job's page.
  static func path(_ job: Job) -> Markup { "/jobs/\(job.id)" }

  /// A table of jobs, the latest first.
  static func table(_ jobs: [Job]) -> Markup {
    guard !jobs.isEmpty else { return "<p class=\"message\">There are no such jobs.</p>" }
    let rows = jobs.map { job -> Markup in
      let warned: Markup =
        job.summary?.warnings?.isEmpty == false
        ? " <abbr title=\"answered with warnings\">!</abbr>" : ""
      return """
        <tr><td>\(badge(job.state))\(warned)</td>
        <td class="name"><a href="\(path(job))">\(job.name)</a></td>
        <td class="words"><span class="asked">\(job.claim.prompts.first ?? "")</span>
        <span class="answer">\(outcome(job))</span></td>
        <td class="when">\(time(job.created))</td></tr>

        """
    }
    return """
      <table class="jobs"><caption class="unseen">Jobs, the latest first</caption>
      <thead><tr><th scope="col">State</th><th scope="col">Name</th>
      <th scope="col">Question and answer</th><th scope="col">Taken</th></tr></thead>
      <tbody>\(rows)</tbody></table>
      """
  }

  /// A button that sends an order without a script.
  static func button(_ path: Markup, _ name: String, back: String) -> Markup {
    """
    <form method="post" action="\(path)"><input type="hidden" name="back" value="\(back)">
    <button>\(name)</button></form>
    """
  }
}
