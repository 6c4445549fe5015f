import Diagnostics
import Engine
import Foundation
import Media
import Merging
import Models
import Options
import Report
import Testing

@Suite("Answers of LLaVA-OneVision")
struct LlavaAnswerTests {
  private func request(_ media: [String]) -> Request {
    var request = Request(prompt: "What is shown?")
    request.media = media.map { MediaItem(path: Fixtures.path("llava-onevision/media/\($0)")) }
    request.frames = 3
    request.maxNewTokens = 2
    request.keepsVisuals = true
    return request
  }

  private func captions(_ request: Request) throws -> [String: String] {
    let answer = try Fixtures.session("llava-onevision/tiny").answer(request)
    var captions: [String: String] = [:]
    try MergePictures(answer, reading: MediaReading()).draw(.final) { picture throws(Failure) in
      captions[picture.name ?? picture.caption] = picture.caption
    }
    return captions
  }

  @Test(
    "the report draws the canvas as one grid, the whole beside it, and the frames",
    arguments: ["picture0.png", "picture3.png", "picture4.png"])
  func report(_ picture: String) throws {
    let names = try captions(request([picture, "clip.mp4"])).keys
    for name in ["merge-01", "merge-01-view2", "merge-02"] {
      #expect(names.contains(name + "-final.png"), "\(names)")
    }
    let several = try captions(request(["picture1.png", picture])).keys
    #expect(several.contains("merge-02-final.png") && !several.contains("merge-01-view2-final.png"))
  }

  @Test("less memory means a smaller canvas or fewer tokens, and the answer is given all the same")
  func planning() throws {
    let session = try Fixtures.session("llava-onevision/tiny")
    var request = request(["picture0.png"])
    let outlook = try session.outlook(request, points: 5)
    // 25 patches of the whole, and 5 rows of 10 with a newline each.
    #expect(outlook.load.visualTokens == 80)
    #expect(outlook.curve.first?.plan == nil && outlook.curve.last?.plan != nil)
    request.maxPixels = 72 * 72
    // On one tile the image has 3 rows of 5 patches: 2 above and below are padding, half rounded down.
    #expect(try session.answer(request).visualTokens == 25 + 3 * 6)
  }

  @Test("an answer about the same media is the same when the image encoder's output is remembered")
  func remembered() throws {
    let session = try Fixtures.session("llava-onevision/tiny")
    session.remembersMedia = true
    let request = request(["picture0.png", "clip.mp4"])
    let first = try session.answer(request)
    let second = try session.answer(request)
    #expect(first.generated == second.generated && first.survivors == second.survivors)
    #expect(second.runCounts == first.runCounts)
  }
}
