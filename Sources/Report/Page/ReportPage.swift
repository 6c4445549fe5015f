import Answers
import Engine
import Media
import MemoryPlanner
import Merging
import Models
import Options

/// `report.html`: one question, its answer and what the model looked at, in a single file.
struct ReportPage {
  let answer: Answer
  let document: AnswerDocument
  let request: Request
  let command: ShellCommand
  let pictures: [PagePicture]

  /// The most bytes of all pictures together; with the text, the page stays below 2 MB.
  static let imageBytesLimit = 1_800_000

  /// The page.
  var html: String {
    let parts = [
      header, further, sources, tokens, stages, merging,
      "<h2>Ask again</h2>\n<pre>\(HTMLText.escape(command.text))</pre>",
    ]
    return HTMLPage.page(
      title: "illava: \(request.prompt)", body: parts.joined(separator: "\n"))
  }

  // MARK: The answer

  private var header: String {
    let left = answer.visualTokensLeft
    var facts = [
      "<b>\(answer.visualTokens)</b> visual tokens → <b>\(left)</b> "
        + "(\(SourceView.percent(left, of: answer.visualTokens)))",
      "<b>\(Numbers.seconds(total))</b> in all",
      "<b>\(Numbers.bytes(answer.peakMemory))</b> of memory at most "
        + "(\(Numbers.bytes(answer.plan.predicted)) were expected)",
    ]
    facts += Self.ending(document.questions.first)
    let text = answer.text.isEmpty ? "(no text)" : answer.text
    let thought = Self.thought(answer.thought)
    return """
      <h1>What the model looked at</h1>
      <p class="question said" dir="auto">\(HTMLText.escape(request.prompt))</p>
      \(thought)<blockquote class="answer said" dir="auto">\(HTMLText.escape(text))</blockquote>
      \(table(document.questions.first))
      <ul class="facts faint">\(facts.map { "<li>\($0)</li>" }.joined())</ul>
      \(HTMLPage.notes(document.warnings))
      """
  }

  private func table(_ entry: AnswerDocument.Question?) -> String {
    BoxTable(boxes: entry?.boxes ?? [], sources: answer.sources).html
  }

  /// What the model thought before an answer, folded.
  private static func thought(_ text: String?) -> String {
    guard let text, !text.isEmpty else { return "" }
    return """
      <details class="faint"><summary>What the model thought</summary>
      <p class="said" dir="auto" style="white-space: pre-wrap">\(HTMLText.escape(text))</p></details>

      """
  }

  /// How an answer ended that did not end by itself; it stands out.
  private static func ending(_ question: AnswerDocument.Question?) -> [String] {
    question?.ending.map { ["<b class=\"ending\">\(HTMLText.escape($0))</b>"] } ?? []
  }

  /// Seconds of all stages of all questions.
  private var total: Double { document.seconds?.total ?? answer.seconds.total }

  /// Further questions about the same files.
  private var further: String {
    let rest = document.questions.dropFirst()
    guard !rest.isEmpty else { return "" }
    let parts = rest.map {
      let text = $0.answer ?? ""
      let ending = Self.ending($0).map { "\n<p class=\"faint\">\($0)</p>" }.joined()
      return """
        <p class="question said" dir="auto">\(HTMLText.escape($0.prompt))</p>
        \(Self.thought($0.thought))<blockquote class="answer said" dir="auto">\(
          HTMLText.escape(text.isEmpty ? "(no text)" : text))</blockquote>\(ending)
        \(table($0))
        """
    }
    return """
      <h2>Asked as well</h2>
      \(parts.joined(separator: "\n"))
      <p class="faint">Pictures, tokens and sizes are those of the first question.</p>
      """
  }

  // MARK: Pictures

  private var sources: String {
    let variant = Self.variant(pictures)
    var budget = Self.imageBytesLimit
    var html = ""
    for (index, source) in answer.sources.enumerated() {
      let video = source.kind == .video
      let size = "\(source.size.width)×\(source.size.height)"
      let shown = "\(source.shown.width)×\(source.shown.height)"
      let frames = video ? ", \(Numbers.count(source.frames.count, "frame"))" : ""
      html += """
        <h2>\(SourceView.title(of: source, index: index))</h2>
        <p class="faint said">\(HTMLText.escape(source.path)) · \(HTMLText.escape(source.format)) · \
        \(size) pixels, shown to the model as \(shown)\(frames)</p>
        <div class="pictures">

        """
      for picture in pictures where picture.source == index {
        html += figure(picture, variant, &budget)
      }
      html += "</div>\n"
    }
    let shown = Set(pictures.compactMap(\.file))
    let more = document.pictures.filter { !shown.contains($0) }
    if !more.isEmpty {
      let names = more.map { "<code>\(HTMLText.escape($0))</code>" }.joined(separator: ", ")
      html += "<p class=\"faint\">Also beside this page: \(names).</p>\n"
    }
    return html
  }

  /// The finest variant in which all pictures fit, or else the coarsest.
  private static func variant(_ pictures: [PagePicture]) -> Int {
    let count = pictures.map(\.variants.count).min() ?? 1
    return (0..<count).first { variant in
      pictures.reduce(0) { $0 + $1.variants[variant].utf8.count } <= imageBytesLimit
    } ?? count - 1
  }

  /// The HTML of a picture; only its name where the page has no room for it.
  private func figure(_ picture: PagePicture, _ variant: Int, _ budget: inout Int) -> String {
    let data = picture.variants[variant]
    let caption = HTMLText.escape(picture.caption)
    let file = picture.file.map { " Exact pixels: <code>\(HTMLText.escape($0))</code>." } ?? ""
    guard data.utf8.count <= budget else {
      return """
        <figure><figcaption>\(caption)\(file) (Not shown here, to keep this page small.)\
        </figcaption></figure>

        """
    }
    budget -= data.utf8.count
    let wide = picture.content == .layers || picture.width > 1100
    let image = """
      <img src="data:image/jpeg;base64,\(data)" width="\(picture.width)" \
      height="\(picture.height)" alt="\(caption)">
      """
    return """
      <figure\(wide ? " class=\"wide\"" : "")>\
      \(wide ? "<div class=\"scroll\" tabindex=\"0\">\(image)</div>" : image)\
      <figcaption>\(caption)\(file)</figcaption></figure>

      """
  }

  // MARK: Figures

  private var tokens: String {
    answer.visualTokens == 0
      ? "" : "<h2>Visual tokens per merging layer</h2>\n\(TokenChart(answer).svg)"
  }

  private var stages: String {
    var times: [(String, Double)] = []
    if let seconds = document.seconds {
      let tokens = document.questions.reduce(0) { $0 + ($1.tokens ?? 0) }
      times = [
        ("Loading the model", seconds.load), ("Decoding and resizing media", seconds.media),
        ("Image encoder", seconds.vision), ("Reading the prompt", seconds.prefill),
        ("Writing \(Numbers.count(tokens, "token"))", seconds.decode), ("All", seconds.total),
      ]
    }
    var sizes = [
      ("Memory, measured peak", Numbers.bytes(answer.peakMemory)),
      ("Prompt, unmerged", Numbers.count(answer.promptTokens, "token")),
      ("Visual, unmerged", Numbers.count(answer.visualTokens, "token")),
      (
        "Visual, after the image encoder",
        Numbers.count(answer.runCounts.reduce(0, +), "token")
      ),
      ("Visual, in the end", Numbers.count(answer.visualTokensLeft, "token")),
      (
        "Cache rows per layer, most and fewest",
        "\(answer.cacheLengths.max() ?? 0), \(answer.cacheLengths.min() ?? 0)"
      ),
    ]
    if !answer.computedGroups.isEmpty {
      let groups = answer.segments.reduce(0) { $0 + $1.grid.groups }
      sizes.append(
        (
          "Groups computed, the others stood still",
          "\(answer.computedGroups.reduce(0, +)) of \(groups)"
        ))
    }
    return """
      <div class="columns">
      <section><h2>Time</h2>
      \(HTMLPage.table(times.map { ($0.0, Numbers.seconds($0.1)) }, numbers: true))</section>
      <section><h2>Size</h2>
      \(HTMLPage.table(sizes.map { ($0.0, $0.1) }, numbers: true))</section>
      </div>
      """
  }

  private var merging: String {
    let done = answer.merging
    func stage(_ stage: MergeStage) -> String {
      guard !stage.layers.isEmpty else { return "off" }
      let layers = stage.layers.map(String.init).joined(separator: ", ")
      let each: String =
        switch stage.retention {
        case .share(let share): "each keeps \(Numbers.fixed(share * 100, 1)) %"
        case .removed(let count): "each removes \(Numbers.count(count, "token"))"
        }
      return "at layers \(layers); \(each); mode \(stage.mode.rawValue) (\(Self.name(stage.mode)))"
    }
    let rows = [
      ("Model", document.model?.path ?? ""), ("Weights", document.model?.weights ?? ""),
      ("Profile", done.profile.rawValue), ("In the image encoder", stage(done.vision)),
      ("In the language model", stage(done.text)),
    ]
    return "<h2>Settings</h2>\n\(HTMLPage.table(rows.map { ($0.0, $0.1) }))"
  }

  private static func name(_ mode: MergeMode) -> String {
    switch mode {
    case .drop: "drop"
    case .shiftMerge: "shift-merge"
    case .recycle: "recycle"
    case .absorb: "absorb"
    }
  }
}
