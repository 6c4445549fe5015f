import Answers
import Diagnostics
import Engine
import Foundation
import Media
import Merging
import Models
@testable import Report
import Testing

@Suite("Pages")
struct PageTests {
  private static let hostile =
    "<script>alert(\"1\")</script> & 'q' \"></blockquote><img src=x onerror=alert(1)> "
    + "\u{0}\u{1B}[31m\u{202E}\u{FFFE}\u{9F} ]]> --> </style> &lt; 東京 🙂"
  private static let model = AnswerDocument.Model(path: "models/<b>\"x\"", weights: "bf16")

  /// The names of all tags, closing ones with their slash.
  private func tags(_ html: String) -> Set<String> {
    Set(
      html.split(separator: "<").dropFirst().map { part in
        String(part.prefix { $0.isLetter || $0.isNumber || $0 == "/" || $0 == "!" })
      })
  }

  private static let known: Set<String> = [
    "!DOCTYPE", "html", "head", "meta", "link", "title", "/title", "style", "/style", "/head",
    "body", "/body", "/html", "h1", "/h1", "h2", "/h2", "p", "/p", "blockquote", "/blockquote",
    "ul", "/ul", "li", "/li", "b", "/b", "div", "/div", "figure", "/figure", "figcaption",
    "/figcaption", "img", "code", "/code", "svg", "/svg", "text", "/text", "rect", "tspan",
    "/tspan", "section", "/section", "table", "/table", "tr", "/tr", "th", "/th", "td", "/td",
    "pre", "/pre",
  ]

  private func page(_ answer: Answer, _ request: Request) throws -> String {
    var pictures: [PagePicture] = []
    try MergePictures(answer, reading: MediaReading()).draw(.final) { picture throws(Failure) in
      pictures.append(try PagePicture(picture))
    }
    return ReportPage(
      answer: answer,
      document: AnswerDocument(
        answer, request: request, origin: MadeUp.origin, model: Self.model, load: 1),
      request: request,
      command: ShellCommand(request, model: Self.model, sources: answer.sources),
      pictures: pictures
    ).html
  }

  @Test("whatever the question, the answer or a path hold is shown as text")
  func escaping() throws {
    let still = Visual(image: RGBImage.noise(width: 64, height: 64, seed: 1))
    let answer = try MadeUp.answer(
      text: Self.hostile, path: Self.hostile, visuals: [still], across: 2, down: 2)
    var request = Request(prompt: Self.hostile)
    request.media = [MediaItem(path: Self.hostile, kind: .image)]
    let html = try page(answer, request)
    let failed = FailurePage(
      Failure(
        .badInput, code: FailureCode(rawValue: "media.<x>"), Self.hostile, remedy: Self.hostile),
      stage: .vision,
      request: request, model: Self.model
    ).html
    for html in [html, failed] {
      #expect(tags(html).subtracting(Self.known).isEmpty)
      #expect(html.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;q&#39;"))
      #expect(html.contains("東京 🙂"))
      #expect(html.contains("\u{2400}\u{241B}[31m\u{FFFD}\u{FFFD}\u{FFFD}"))
      let forbidden = html.unicodeScalars.filter {
        ($0.value < 0x20 && $0 != "\n" && $0 != "\t") || (0x7F...0x9F).contains($0.value)
      }
      #expect(forbidden.isEmpty)
      #expect(!html.contains("http://") && !html.contains("https://"))
    }
  }

  @Test("the page of a failure says what happened, where, and what to do")
  func failure() {
    var request = Request(prompt: "How many cars?")
    request.media = [MediaItem(path: "yard.mp4", kind: .video)]
    for stage: ComputeObserver.Stage? in [nil, .media, .vision, .prefill, .decode] {
      for kind in Failure.Kind.allCases {
        let failure = Failure(
          kind, code: FailureCode(rawValue: "some.code"), "yard.mp4 is no video")
        let html = FailurePage(
          failure, stage: stage, request: request, model: Self.model
        ).html
        for part in [
          "How many cars?", "yard.mp4 is no video", "some.code", FailurePage.name(stage),
          FailurePage.remedy(for: kind), "illava run",
        ] { #expect(html.contains(HTMLText.escape(part))) }
      }
    }
    let own = Failure(.badInput, code: FailureCode(rawValue: "a.b"), "x", remedy: "Copy it again.")
    #expect(
      FailurePage(own, stage: .media, request: request, model: Self.model).html
        .contains("Copy it again."))
  }

  @Test("the chart and the lists say what the answer says")
  func figures() throws {
    let still = Visual(image: RGBImage.noise(width: 128, height: 128, seed: 1))
    let answer = try MadeUp.answer(visuals: [still], across: 8, down: 8, retention: 0.7)
    let chart = TokenChart(answer)
    #expect(chart.bars.map(\.tokens) == [64] + answer.steps.map { $0.after[0] })
    #expect(chart.bars.map(\.name).prefix(2) == ["before", "ViT 5"])
    for bar in chart.bars { #expect(chart.svg.contains(">\(bar.tokens) <tspan>")) }
    let html = try page(answer, Request(prompt: "What?"))
    #expect(html.contains("<b>64</b> visual tokens → <b>\(answer.visualTokensLeft)</b>"))
  }

  @Test("a page with 32 frames of noise, the worst there is for JPEG, stays below 2 MB")
  func size() throws {
    let frames = [RGBImage](
      repeating: RGBImage.noise(width: 320, height: 256, seed: 2), count: 32)
    let video = Visual(frames: frames, timestamps: (0..<32).map { Double($0) / 2 })
    let answer = try MadeUp.answer(visuals: [video], across: 10, down: 8)
    let html = try page(answer, Request(prompt: "What?"))
    #expect(html.utf8.count < 2_000_000)
    #expect(html.contains("data:image/jpeg;base64,"))
  }

  @Test("everything is in the folder, and nothing else")
  func folder() throws {
    let folder = try TemporaryFolder()
    var request = Request(prompt: "What is shown?")
    request.media = [MediaItem(path: Fixtures.path("media/clip.mp4"))]
    request.maxNewTokens = 2
    request.keepsVisuals = true
    let answer = try Fixtures.session().answer(request)
    let report = try ReportFolder(path: folder.path + "/new/deep")
    let document = try report.write(
      answer, request: request, origin: MadeUp.origin, model: Self.model, load: 0,
      visualization: .all)
    let files = try FileManager.default.contentsOfDirectory(atPath: report.path)
    #expect(Set(files) == Set(document.pictures + ["report.html", "answer.json", "merging.json"]))
    for name in document.pictures where name.hasSuffix(".png") {
      #expect(try folder.picture("new/deep/\(name)").width > 0)
    }
    let json = try folder.read("new/deep/answer.json")
    #expect(String(decoding: json, as: UTF8.self) == (try document.json()) + "\n")
    #expect(throws: Failure.self) {
      try ReportFolder(path: folder.path + "/new/deep/answer.json/below")
    }
    // Another question's results in the same folder: no file of the first is left beside them.
    let less = try report.write(
      answer, request: request, origin: MadeUp.origin, model: Self.model, load: 0,
      visualization: .final)
    #expect(less.pictures.count < document.pictures.count)
    let left = try FileManager.default.contentsOfDirectory(atPath: report.path)
    #expect(Set(left) == Set(less.pictures + ["report.html", "answer.json", "merging.json"]))
    let failure = Failure(.badInput, code: FailureCode(rawValue: "a.b"), "x")
    var failed = AnswerDocument(
      job: MadeUp.origin.ended("failed", "2026-11-27T14:03:23.000Z").job, host: "box",
      model: Self.model, media: [], questions: [AnswerDocument.Question(prompt: "?")])
    failed.error = AnswerDocument.ErrorEntry(
      code: "a.b", message: "x", remedy: nil, kind: "bad-input", stage: nil)
    try report.write(
      FailurePage(failure, stage: .media, request: request, model: Self.model), failed)
    let rest = try FileManager.default.contentsOfDirectory(atPath: report.path)
    #expect(Set(rest) == ["report.html", "answer.json"])
    #expect(
      try JSONDecoder().decode(
        AnswerDocument.self, from: Data(try folder.read("new/deep/answer.json"))
      ).error == failed.error)
  }
}
