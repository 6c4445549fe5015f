import Diagnostics
import Engine
import Foundation
import Media
import Merging
import Models
import Options
import Report
import Testing

@Suite("Answers of InternVL")
struct InternVLAnswerTests {
  private func request() -> Request {
    var request = Request(prompt: "What is shown?")
    request.media = ["picture0.png", "picture1.png", "clip.mp4"].map {
      MediaItem(path: Fixtures.path("internvl/media/\($0)"))
    }
    request.frames = 4
    request.maxNewTokens = 2
    return request
  }

  @Test(
    "what is left follows from sizes alone, in every mode; the class token is always there",
    arguments: [MergeMode.drop, .shiftMerge, .recycle, .absorb])
  func counts(_ mode: MergeMode) throws {
    var request = request()
    request.merging = MergeParameters(profile: mode == .absorb ? .tuned : .exact)
    request.merging.visionRetention = .share(0.5)
    request.merging.textRetention = .share(0.5)
    request.merging.visionMinTokens = 0
    request.merging.visionMode = mode
    request.merging.textMode = mode
    request.merging.visionLayers = try LayerList([2, 5])
    request.merging.textLayers = try LayerList([3, 6])
    let dump = AnswerDump(keepsTraces: true)
    let answer = try Fixtures.session("internvl/tiny").answer(request, dump: dump)
    // Three tiles, one tile, four frames: of nine tokens four, then two are left.
    #expect(answer.visionCounts == Array(repeating: 2, count: 8))
    #expect(answer.runs.map(\.segments) == [0..<3, 3..<4, 4..<5, 5..<6, 6..<7, 7..<8])
    // The language model removes half, rounded to even: three of six, then two of three; one of two.
    #expect(answer.survivors.map(\.count) == [1, 1, 1, 1, 1, 1])
    for (layer, groups) in [(1, 9), (2, 4), (4, 4), (5, 2), (9, 2)] {
      #expect(dump.floats("trace.vit.\(layer)")?.count == 8 * (1 + 4 * groups) * 32)
    }
    let text = answer.promptTokens - answer.visualTokens
    #expect(answer.cacheLengths.first == text + 16)
    #expect(answer.cacheLengths.last == text + 6)
  }

  @Test("layers that are not given are at the same fractions of the depth as the family's")
  func defaults() throws {
    let model = try Fixtures.session("internvl/tiny").model
    let exact = try model.resolve(MergeParameters(profile: .exact))
    // 5 to 8 of 24 layers, and 6 to 8 of 28; both models have ten.
    #expect(exact.vision.layers == [2, 3, 4, 5])
    #expect(exact.text.layers == [2, 3, 4])
    #expect(exact.vision.retention == .share(0.85) && exact.text.retention == .share(0.9))
    var published = request()
    published.merging = MergeParameters(profile: .published)
    #expect(throws: (any Error).self) {
      try Fixtures.session("internvl/tiny").answer(published)
    }
  }

  @Test("the report draws the tiles as one grid, the thumbnail beside them, and the frames")
  func report() throws {
    var request = request()
    request.keepsVisuals = true
    let answer = try Fixtures.session("internvl/tiny").answer(request)
    var names: [String] = []
    try MergePictures(answer, reading: MediaReading()).draw(.final) { picture throws(Failure) in
      names.append(picture.name ?? picture.caption)
    }
    for name in ["merge-01", "merge-01-view2", "merge-02"] {
      #expect(names.contains(name + "-final.png"), "\(names)")
    }
  }

  @Test("less memory means fewer tiles or tokens, and the answer is given all the same")
  func planning() throws {
    let session = try Fixtures.session("internvl/tiny")
    var request = request()
    request.media = Array(request.media.prefix(1))
    let outlook = try session.outlook(request, points: 5)
    #expect(outlook.load.visualTokens == 27)
    #expect(outlook.curve.first?.plan == nil && outlook.curve.last?.plan != nil)
    request.maxPixels = 84 * 84
    #expect(try session.answer(request).visualTokens == 9)
  }
}
