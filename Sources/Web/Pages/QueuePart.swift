import Basics
import Spool
import WorkerProtocol

/// What the daemon is doing, as a piece of a page.
enum QueuePart {
  /// The piece.
  static func make(_ live: LiveStatus?) -> Markup {
    guard let live else {
      return "<p class=\"bad\" id=\"running\">No daemon is running: jobs wait.</p>"
    }
    var notes: [Markup] = []
    if live.isPaused { notes.append("<p class=\"note\">The queue is paused.</p>") }
    if let obstacle = live.obstacle {
      notes.append("<p class=\"bad\">\(obstacle.message). \(obstacle.remedy ?? "")</p>")
    }
    let running = live.running.map { running -> Markup in
      var words = [running.progress?.stage ?? "begins", TimeSpan.text(seconds: running.seconds)]
      if let left = running.remaining { words.append("about \(TimeSpan.text(seconds: left)) left") }
      if let memory = running.memory { words.append(ByteCount.text(memory)) }
      let share = Int((running.progress?.share ?? 0) * 100)
      return """
        <li><a href="/jobs/\(running.id)">\(running.name)</a>
        <progress max="100" value="\(share)" aria-label="share of this stage">\(share) %</progress>
        <span class="how">\(words.joined(separator: ", "))</span>
        <q>\(running.written ?? "")</q></li>
        """
    }
    let list: Markup =
      running.isEmpty
      ? "<p id=\"running\">Nothing is running.</p>"
      : "<ul class=\"running\" id=\"running\">\(running)</ul>"
    return "\(notes)\(list)"
  }
}
