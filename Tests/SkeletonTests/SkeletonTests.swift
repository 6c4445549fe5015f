import Answers
import Diagnostics
import Engine
import Foundation
import Media
import Merging
import Models
import Options
import Report
import Testing

/// A family defined in one folder and registered in one line works in everything that uses a model.
@Suite("A skeleton family")
struct SkeletonTests {
  @Test("an image is cut into tiles and a thumbnail, which are one run; each frame is a run")
  func layout() throws {
    let answer = try SkeletonFolder.session().answer(SkeletonFolder.request())
    #expect(answer.segments.map(\.source) == [0, 0, 0, 0, 1, 2, 2, 2, 2])
    #expect(answer.segments.prefix(4).map(\.view.y) == [0, 64, 128, 0])
    #expect(answer.segments.prefix(4).map(\.view.images) == [0..<1, 0..<1, 0..<1, 1..<2])
    #expect(answer.runs.map(\.segments) == [0..<4, 4..<5, 5..<6, 6..<7, 7..<8, 8..<9])
    #expect(answer.visualTokens == 9 * 16)
    #expect(answer.visuals[0].images.map(\.height) == [192, 64])
    #expect(answer.sources[0].shown == PixelSize(width: 64, height: 192))
    // The middles of four parts of the clip's eighteen frames.
    #expect(answer.sources[2].frames.map(\.index) == [2, 6, 11, 15])
  }

  @Test("without merging the logits are those of a plain program")
  func logits() throws {
    var request = SkeletonFolder.request()
    request.merging = MergeParameters(profile: .off)
    let dump = AnswerDump()
    let answer = try SkeletonFolder.session().answer(request, dump: dump)
    let expected = try NaiveSkeleton(folder: try SkeletonFolder.made.get()).logits(
      try #require(dump.integers("input_ids")), runs: answer.runs, segments: answer.segments,
      visuals: answer.visuals)
    let logits = try #require(dump.floats("logits"))
    #expect(logits.count == expected.count)
    let largest = expected.map(abs).max() ?? 0
    let distance = zip(logits, expected).map { abs(Double($0) - $1) }.max() ?? .infinity
    #expect(distance < 1e-4 * max(1, largest), "\(distance) of \(largest)")
  }

  @Test(
    "what is left follows from sizes alone, in every mode",
    arguments: [MergeMode.drop, .recycle, .absorb])
  func counts(_ mode: MergeMode) throws {
    var request = SkeletonFolder.request()
    request.merging = MergeParameters(profile: mode == .absorb ? .tuned : .exact)
    request.merging.visionRetention = .share(0.5)
    request.merging.textRetention = .share(0.5)
    request.merging.visionMode = mode
    request.merging.textMode = mode
    let session = try SkeletonFolder.session()
    let answer = try session.answer(request)
    #expect(answer.visionCounts == Array(repeating: 8, count: 9))
    // The tiles of an image compete with each other.
    #expect(answer.survivors.map(\.count) == [16, 4, 4, 4, 4, 4])
    let text = answer.promptTokens - answer.visualTokens
    #expect(answer.cacheLengths == [text + 72, text + 36])
    #expect(answer.plan.cost.cache > 0)
    let places = Set(answer.survivors[0].map { $0 / 16 })
    #expect(places.isSubset(of: 0..<4))
  }

  @Test("the published code has nothing of this family, and resize no meaning for tiles")
  func refusals() throws {
    var request = SkeletonFolder.request()
    request.merging = MergeParameters(profile: .published)
    let published = #expect(throws: Failure.self) {
      try SkeletonFolder.session().answer(request)
    }
    #expect(published?.code == .mergingPublishedFamily)
    request.merging = MergeParameters(profile: .off)
    request.shrinksLike = MergeParameters()
    let resize = #expect(throws: Failure.self) { try SkeletonFolder.session().answer(request) }
    #expect(resize?.code == .evaluationResize)
  }

  @Test("less memory means fewer tiles, fewer frames, fewer tokens")
  func planning() throws {
    let session = try SkeletonFolder.session()
    var request = SkeletonFolder.request(["picture1.png"])
    let outlook = try session.outlook(request, points: 5)
    #expect(outlook.load.visualTokens == 64)
    #expect(outlook.curve.first?.plan == nil && outlook.curve.last?.plan != nil)
    request.maxPixels = 64 * 64
    let single = try session.answer(request)
    #expect(single.segments.count == 1 && single.visualTokens == 16)
  }

  @Test("the report shows the image with its tiles as one grid, and the thumbnail beside it")
  func report() throws {
    var request = SkeletonFolder.request()
    request.merging.visionRetention = .share(0.5)
    let answer = try SkeletonFolder.session().answer(request)
    var names: [String] = []
    try MergePictures(answer, reading: MediaReading()).draw(.final) { picture throws(Failure) in
      names.append(picture.name ?? picture.caption)
    }
    #expect(names.contains("merge-01-final.png") && names.contains("merge-01-view2-final.png"))
    #expect(names.contains("merge-02-final.png") && names.contains("merge-03-final.png"))
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "illava-skeleton-report-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try ReportFolder(path: folder.path).write(
      answer, request: request,
      origin: AnswerOrigin(
        job: AnswerDocument.Job(
          id: "x", name: "x", state: "running", attempt: 1, taken: "2026-11-27T14:03:22.120Z"),
        host: "box"),
      model: AnswerDocument.Model(path: "skeleton", weights: "f32"), load: 0, visualization: .all)
    #expect(FileManager.default.fileExists(atPath: folder.path + "/report.html"))
  }

  @Test("it is measured like any other")
  func benchmark() throws {
    var work = Benchmark.Work()
    work.width = 64
    work.height = 192
    work.newTokens = 2
    let rows = try Benchmark(try SkeletonFolder.session(.int8), [work]).run(
      [("off", MergeParameters(profile: .off)), ("default", MergeParameters())]
    ) { _, _ in }
    #expect(rows.map(\.visualTokens) == [64, 64])
    #expect(rows[0].visualTokensLeft == 64 && rows[1].visualTokensLeft < 64)
  }
}
