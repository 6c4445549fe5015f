import Compute
import Diagnostics
import Engine
import Foundation
import Merging
import Models
import Options
import Testing

@Suite("Several questions about the same media")
struct SeveralQuestionsTests {
  private func request(_ prompt: String, profile: MergeProfile = .standard) -> Request {
    var request = Request(prompt: prompt)
    request.media = [
      MediaItem(path: Fixtures.path("media/picture0.png")),
      MediaItem(path: Fixtures.path("media/clip.mp4")),
    ]
    request.merging = MergeParameters(profile: profile)
    request.maxNewTokens = 6
    return request
  }

  /// Answers, and counts how often the image encoder reported progress.
  private func answer(_ session: Session, _ request: Request) throws -> (Answer, encoded: Int) {
    var encoded = 0
    var events = SessionEvents()
    events.progress = { stage, _ in encoded += stage == .vision ? 1 : 0 }
    return (try session.answer(request, events: events), encoded)
  }

  @Test("the image encoder runs once, and the answers are those of separate sessions")
  func once() throws {
    let session = try Fixtures.session("tiny-early")
    session.remembersMedia = true
    #expect(try answer(session, request("What is shown?")).encoded > 0)
    for prompt in ["How many are there in all of them?", "Why?"] {
      let (again, encoded) = try answer(session, request(prompt))
      let alone = try Fixtures.session("tiny-early").answer(request(prompt))
      #expect(encoded == 0)
      #expect(again.generated == alone.generated)
      #expect(again.survivors == alone.survivors)
      #expect(again.steps == alone.steps)
      #expect(again.sources.map(\.digest) == alone.sources.map(\.digest))
    }
  }

  @Test("another merging in the ViT, other frames and other media are looked at anew")
  func changed() throws {
    let session = try Fixtures.session("tiny-early")
    session.remembersMedia = true
    _ = try session.answer(request("Why?"))
    var fewer = request("Why?")
    fewer.frames = 2
    var other = request("Why?")
    other.media.removeLast()
    for changed in [request("Why?", profile: .off), fewer, other] {
      let (answer, encoded) = try answer(session, changed)
      #expect(encoded > 0)
      #expect(answer.generated == (try Fixtures.session("tiny-early").answer(changed).generated))
    }
    // A request that differs only in the LLM's merging needs no new encoding.
    _ = try session.answer(request("Why?"))
    var text = request("Why?")
    text.merging.textRetention = .share(0.5)
    text.merging.textChoice = .question
    let (answered, encoded) = try answer(session, text)
    #expect(encoded == 0)
    #expect(
      answered.generated == (try Fixtures.session("tiny-early").answer(text).generated))
  }

  @Test("what was seen is forgotten when it is no longer wanted")
  func forgotten() throws {
    let session = try Fixtures.session("tiny-early")
    _ = try session.answer(request("Why?"))
    #expect(try answer(session, request("Why?")).encoded > 0)
    session.remembersMedia = true
    _ = try session.answer(request("Why?"))
    session.remembersMedia = false
    #expect(try answer(session, request("Why?")).encoded > 0)
  }

  /// The same request about copies of its files, of which one may have a byte more.
  private func copied(_ request: Request, to folder: URL, changed: Bool) throws -> Request {
    var copied = request
    copied.media = try request.media.map { item in
      let file = folder.appending(path: "copy-" + (item.path as NSString).lastPathComponent)
      var bytes = try Data(contentsOf: URL(filePath: item.path))
      if changed, item.path.hasSuffix(".png") { bytes.append(0) }
      try bytes.write(to: file)
      return MediaItem(path: file.path)
    }
    return copied
  }

  @Test(
    "files with the same bytes are not looked at again for a later job; others are",
    arguments: [false, true])
  func handedOn(changed: Bool) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "handed-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let session = try Fixtures.session("tiny-early")
    session.remembersMedia = true
    _ = try session.answer(request("What is shown?"))
    let later = try copied(request("Why?"), to: folder, changed: changed)
    try session.hand(to: later.media) {}
    let (answered, encoded) = try answer(session, later)
    #expect((encoded > 0) == changed)
    #expect((answered.sharedTokens > 0) == !changed)
    #expect(answered.sources.map(\.path) == later.media.map(\.path))
    let alone = try Fixtures.session("tiny-early").answer(later)
    #expect(answered.generated == alone.generated)
    #expect(answered.sources.map(\.digest) == alone.sources.map(\.digest))
  }

  @Test("what was seen does not stay for a job about fewer files")
  func fewerFiles() throws {
    let session = try Fixtures.session("tiny-early")
    session.remembersMedia = true
    _ = try session.answer(request("What is shown?"))
    var fewer = request("Why?")
    fewer.media.removeLast()
    try session.hand(to: fewer.media) {}
    #expect(try answer(session, request("What is shown?")).encoded > 0)
  }
}
