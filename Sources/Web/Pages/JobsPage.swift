import Basics
import Diagnostics
import Spool
import WebServer

/// The list of jobs.
enum JobsPage {
  /// The page, for the members of its query.
  static func make(_ client: SpoolClient, _ query: [String: String]) throws -> WebResponse {
    let records = try client.records()
    let live = try client.live()
    let overview = try records.overview()
    let filter = filter(query)
    let jobs = try records.find(filter)
    let counts = JobState.allCases.filter { overview.count($0) > 0 }.map { state -> Markup in
      "<li><a href=\"/jobs?state=\(state.rawValue)\">\(overview.count(state)) \(state.rawValue)</a></li>"
    }
    let pause = live.map { live -> Markup in
      live.isPaused
        ? JobWords.button("/queue/resume", "Go on", back: "/jobs")
        : JobWords.button("/queue/pause", "Pause the queue", back: "/jobs")
    }
    return PageFrame.page(
      "Jobs", current: "jobs",
      """
      <section id="queue" aria-label="Queue" data-paused="\(live?.isPaused == true ? "true" : "false")">
      \(QueuePart.make(live))
      <ul class="counts" id="counts">\(counts)</ul>
      \(pause)
      </section>
      \(form(query))
      <section id="list" aria-label="List">\(JobWords.table(jobs))
      \(more(jobs, filter, query))</section>
      """)
  }

  private static func filter(_ query: [String: String]) -> JobFilter {
    var filter = JobFilter()
    filter.states = (query["state"] ?? "").split(separator: ",").compactMap {
      JobState(rawValue: String($0))
    }
    filter.name = query["name"] ?? ""
    filter.folder = (query["folder"] ?? "").split(separator: "/").joined(separator: "/")
    filter.text = query["text"] ?? ""
    filter.before = query["before"]
    if let age = query["within"].flatMap({ TimeSpan.parse($0) }) {
      filter.since = Timestamp.nowMilliseconds - Int(min(age, 1e9) * 1000)
    }
    return filter
  }

  private static func form(_ query: [String: String]) -> Markup {
    let states = JobState.allCases.map { state -> Markup in
      let mark: Markup = query["state"] == state.rawValue ? " selected" : ""
      return "<option\(mark)>\(state.rawValue)</option>"
    }
    let times = [("1h", "the last hour"), ("1d", "the last day"), ("30d", "the last 30 days")].map {
      value, name -> Markup in
      let mark: Markup = query["within"] == value ? " selected" : ""
      return "<option value=\"\(value)\"\(mark)>\(name)</option>"
    }
    return """
      <form class="filters" method="get" action="/jobs" role="search">
      <label>Words <input type="search" name="text" value="\(query["text"] ?? "")"></label>
      <label>State <select name="state"><option value="">any</option>\(states)</select></label>
      <label>Name <input name="name" value="\(query["name"] ?? "")"></label>
      <label>Folder <input name="folder" value="\(query["folder"] ?? "")"></label>
      <label>Time <select name="within"><option value="">any</option>\(times)</select></label>
      <button>Show</button>
      </form>
      """
  }

  private static func more(
    _ jobs: [Job], _ filter: JobFilter, _ query: [String: String]
  ) -> Markup {
    guard jobs.count == filter.limit, let last = jobs.last else { return "" }
    var members = query
    members["before"] = last.id
    let text = members.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }.map {
      PercentText.encoded($0.key) + "=" + PercentText.encoded($0.value)
    }.joined(separator: "&")
    return "<p><a href=\"/jobs?\(text)\">Older jobs</a></p>"
  }
}
