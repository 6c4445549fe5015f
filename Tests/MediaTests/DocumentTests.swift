import Diagnostics
import Foundation
import Testing

@testable import Media

@Suite struct DocumentTests {
  /// A document with these objects, the first of which is its catalog.
  private func document(_ name: String, _ objects: [String], trailer: String = "") throws -> String
  {
    var text = "%PDF-1.4\n"
    for (index, object) in objects.enumerated() {
      text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
    }
    text += "trailer\n<</Root 1 0 R/Size \(objects.count + 1)\(trailer)>>\n"
    return try Fixtures.make(name, bytes: Array(text.utf8))
  }

  private func page(_ name: String, box: String, content: String = "") throws -> String {
    try document(
      name,
      [
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[\(box)]/Contents 4 0 R>>",
        "<</Length \(content.utf8.count)>>stream\n\(content)\nendstream",
      ])
  }

  @Test func thePagesOfAScanArePictures() throws {
    let path = StillCases.path("scan-2-pages.pdf")
    #expect(try MediaKind.probe(path) == .image)
    #expect(try DocumentPages(path: path).count == 2)
    let first = try decode(path)
    #expect(first.format == "pdf" && first.warnings == [])
    #expect(StillCases.distanceOfQuadrants(first.image) <= 3)
    let second = try ImageFile.decode(path: path, page: 1) { ($0, $1) }
    #expect(second.sourceWidth > 0 && second.image != first.image)
  }

  @Test(arguments: [
    "letter-with-raw-logo.pdf", "passing/letter-text-only.pdf", "passing/letter-with-logo.pdf",
  ])
  func aLetterIsBlackTextOnWhitePaperAndNeverAVideo(name: String) throws {
    let path = StillCases.path(name)
    #expect(try MediaKind.probe(path) == .image)
    let image = try decode(path).image
    #expect(max(image.width, image.height) == 2000)
    let dark = image.pixels.count { $0 < 64 }
    let white = image.pixels.count { $0 == 255 }
    #expect(dark > 300 && white > image.pixels.count * 9 / 10)
    #expect(failure { _ = try sample(path) }?.code == .mediaUnsupportedFormat)
  }

  @Test func aPageIsDrawnInItsOwnProportionsHoweverLargeItIs() throws {
    let red = "1 0 0 rg 0 0 1000000 500000 re f"
    let huge = try decode(try page("huge.pdf", box: "0 0 1000000 500000", content: red))
    #expect((huge.sourceWidth, huge.sourceHeight) == (2000, 1000))
    #expect(huge.image.color(1000, 500) == [255, 0, 0])
    let thin = try decode(try page("thin.pdf", box: "0 0 1000000 1"))
    #expect(thin.sourceWidth == 2000 && (1...2).contains(thin.sourceHeight))
    // No more than 600 pixels per inch.
    let tiny = try decode(try page("tiny.pdf", box: "0 0 72 36"))
    #expect((tiny.sourceWidth, tiny.sourceHeight) == (600, 300))
  }

  @Test func aPageStaysBelowTheLimitOfPixels() throws {
    var limits = MediaLimits()
    limits.maxPixels = 10_000
    let picture = try decode(try page("limited.pdf", box: "0 0 400 400"), limits: limits)
    #expect(picture.sourceWidth * picture.sourceHeight <= 10_000)
    #expect(picture.sourceWidth >= 90)
  }

  @Test func encryptedDocumentsAreNamed() throws {
    // The owner's and the user's entries fit to no password that is empty.
    let key = String(repeating: "41", count: 32)
    let path = try document(
      "locked.pdf",
      [
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
        "<</Filter/Standard/V 1/R 2/O<\(key)>/U<\(key)>/P -4>>",
      ], trailer: "/Encrypt 4 0 R/ID[<00><00>]")
    for refusal in [
      failure { _ = try decode(path) }, failure { _ = try DocumentPages(path: path) },
    ] {
      #expect(refusal?.code == .mediaEncrypted && refusal?.remedy?.contains("password") == true)
    }
  }

  @Test func documentsWithoutPagesAndDamagedOnesAreOneFailure() throws {
    let none = try document(
      "none.pdf", ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"])
    let torn = try Fixtures.make("torn.pdf", bytes: Array("%PDF-1.7\nand nothing else".utf8))
    for path in [none, torn] {
      #expect(try MediaKind.probe(path) == .image)
      for refusal in [
        failure { _ = try decode(path) }, failure { _ = try DocumentPages(path: path) },
      ] {
        #expect(refusal?.code == .mediaUndecodable, "\(path)")
      }
    }
  }

  @Test func aDocumentAfterSomeOtherBytesIsStillOne() throws {
    let bytes = try Fixtures.bytes(StillCases.path("letter-with-raw-logo.pdf"))
    let path = try Fixtures.make(
      "mailed.pdf", bytes: Array("X-Mailer: x\r\n".utf8) + bytes)
    #expect(try MediaKind.probe(path) == .image)
    #expect(try DocumentPages(path: path).count == 1)
  }

  @Test func aJPEGSomewhereInAFileIsNoVideo() throws {
    let picture = try Fixtures.bytes(StillCases.path("passing/jpeg-444.jpg"))
    let path = try Fixtures.make(
      "archive.bin", bytes: Array(repeating: 7, count: 300) + picture + picture)
    for refusal in [failure { _ = try MediaKind.probe(path) }, failure { _ = try decode(path) }] {
      #expect(refusal?.code == .mediaUnsupportedFormat)
    }
  }
}
