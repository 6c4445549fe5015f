import Answers
import Diagnostics
import Engine
import Foundation
import Models
import Options
import Report
import Testing

@Suite struct PageTests {
  /// A document of the tests of media: a TIFF of two pages, or a PDF of two.
  private func document(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../MediaTests/Cases/\(name)").standardized.path
  }

  private func request(_ names: [String]) -> Request {
    var request = Request(prompt: "What is shown?")
    request.media =
      names.map { MediaItem(path: document($0)) }
      + [MediaItem(path: Fixtures.path("media/picture0.png"))]
    request.maxNewTokens = 2
    request.maxPixels = 128 * 128
    return request
  }

  @Test(arguments: ["tiff-multipage.tif", "scan-2-pages.pdf"])
  func pagesOfADocumentAreImagesOfOneQuestion(name: String) throws {
    var request = request([name])
    request.keepsVisuals = true
    let answer = try Fixtures.session("tiny-early").answer(request)
    #expect(answer.sources.map(\.page) == [1, 2, nil])
    #expect(answer.sources.map(\.kind) == [.image, .image, .image])
    #expect(Set(answer.sources.map(\.digest)).count == 2)
    #expect(answer.visuals.count == 3)
    #expect(answer.visuals[0].images != answer.visuals[1].images)
    #expect(answer.sources.flatMap(\.warnings) == [])

    let model = AnswerDocument.Model(path: "m", weights: "f32")
    let text = try AnswerDocument(
      answer, request: request, origin: Fixtures.origin, model: model, load: 0
    ).json()
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let media = try #require(root["media"] as? [[String: Any]])
    #expect(media.map { $0["page"] as? Int } == [1, 2, nil])
    // Asked again, the file is named once.
    let command = ShellCommand(request, model: model, sources: answer.sources)
    #expect(command.words.count { $0.hasSuffix(name) } == 1)
    #expect(command.words.count { $0 == "--image" } == 2)
  }

  @Test(arguments: ["tiff-multipage.tif", "scan-2-pages.pdf"])
  func pagesThatAreLeftOutAreSaid(name: String) throws {
    var request = request([name])
    request.pages = 1
    let answer = try Fixtures.session("tiny-early").answer(request)
    #expect(answer.sources.map(\.page) == [1, nil])
    #expect(
      answer.sources[0].warnings == [
        "\(name) has 2 pages: only the first was looked at; --pages looks at more"
      ])
  }

  @Test func aPageIsAskedForByItsNumber() throws {
    var request = request([])
    request.media = [MediaItem(path: document("tiff-multipage.tif"), kind: .image, page: 2)]
    let answer = try Fixtures.session("tiny-early").answer(request)
    #expect(answer.sources.map(\.page) == [2])
    request.media = [MediaItem(path: document("tiff-multipage.tif"), kind: .image, page: 3)]
    #expect(throws: Failure.self) { try Fixtures.session("tiny-early").answer(request) }
  }

  @Test func aReportNamesThePagesOfADocument() throws {
    var request = request(["tiff-multipage.tif"])
    request.keepsVisuals = true
    let answer = try Fixtures.session("tiny-early").answer(request)
    var captions: [String] = []
    try MergePictures(answer, reading: request.reading).draw(.final) { picture in
      captions.append(picture.caption)
    }
    #expect(captions.contains { $0.hasPrefix("Picture 1, page 1") })
    #expect(captions.contains { $0.hasPrefix("Picture 2, page 2") })
    #expect(captions.contains { $0.hasPrefix("Picture 3") && !$0.contains("page") })
  }
}
