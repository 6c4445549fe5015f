import Answers
import Diagnostics
import Engine
import Foundation
import Media
import Merging
import Models
@testable import Report
import Testing

/// Files of odd sizes and orientations become pictures whose groups are the model's groups. Each group
/// of the test image has its own color, so that a group drawn in the wrong place is noticed.
@Suite("Where groups are drawn")
struct GeometryTests {
  /// 301×223 is shown to the model as 288×224: 9×7 groups.
  private static let (width, height) = (301, 223)
  private static let (across, down) = (9, 7)

  /// A color for each group: never gray, and different from all others.
  private static func color(of group: Int) -> [UInt8] {
    let (column, row) = (group % across, group / across)
    return [UInt8(255 - 12 * column), UInt8(20 + 14 * row), UInt8(30 + 6 * (column ^ row))]
  }

  private static func mosaic(_ x: Int, _ y: Int) -> [UInt8] {
    color(of: y * down / height * across + x * across / width)
  }

  /// A JPEG file that shows the mosaic when turned according to EXIF orientation `exif`.
  private static func stored(exif: Int) throws -> [UInt8] {
    let turns = exif > 4
    let size = turns ? (width: height, height: width) : (width: width, height: height)
    let image = RGBImage(width: size.width, height: size.height) { x, y in
      let (right, bottom) = (size.width - 1 - x, size.height - 1 - y)
      // The displayed position of a stored pixel (Exif 2.32, table of orientations).
      let seen =
        switch exif {
        case 1: (x, y)
        case 2: (right, y)
        case 3: (right, bottom)
        case 4: (x, bottom)
        case 5: (y, x)
        case 6: (bottom, x)
        case 7: (bottom, right)
        default: (y, right)
        }
      return mosaic(seen.0, seen.1)
    }
    let bytes = try JPEGWriter.encode(image, quantizer: 2)
    let tiff: [UInt8] =
      [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1]
      + [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(exif), 0, 0] + [0, 0, 0, 0]
    let body = Array("Exif\0\0".utf8) + tiff
    return Array(bytes[..<2]) + [0xFF, 0xE1, 0, UInt8(body.count + 2)] + body + bytes[2...]
  }

  @Test("every orientation", arguments: 1...8)
  func orientations(exif: Int) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(try Self.stored(exif: exif), "turned.jpg")
    var request = Request(prompt: "?")
    request.media = [MediaItem(path: path)]
    request.maxNewTokens = 1
    request.keepsVisuals = true
    let answer = try Fixtures.session().answer(request)
    #expect(answer.segments.first?.grid == PatchGrid(height: 14, width: 18, mergeSize: 2))
    let document = try ReportFolder(path: folder.path).write(
      answer, request: request, origin: MadeUp.origin,
      model: AnswerDocument.Model(path: "m", weights: "f32"), load: 0,
      visualization: .final)
    #expect(document.pictures.first == "merge-01-final.png")

    let drawn = try folder.picture("merge-01-final.png")
    let cell = 1024 / Self.across
    let top = try #require(Self.top(of: drawn, width: Self.across * cell))
    var kept: [Int] = []
    var recycled: [Int] = []
    for group in 0..<Self.across * Self.down {
      let left = Sheet.margin + group % Self.across * cell
      let upper = top + group / Self.across * cell
      // Away from the edges, where neighboring colors mix in.
      let places = [(cell / 2, cell / 2), (cell / 4, cell / 4), (cell * 3 / 4, cell / 3)]
      let colors = places.map { drawn.pixel(left + $0.0, upper + $0.1) }
      if colors.allSatisfy({ $0[0] == $0[1] && $0[1] == $0[2] }) { continue }
      kept.append(group)
      for color in colors {
        let distance = zip(color, Self.color(of: group)).map { abs(Int($0) - Int($1)) }.max()
        #expect(try #require(distance) <= 6, "group \(group) shows \(color)")
      }
      if drawn.pixel(left, upper) == [255, 176, 0] { recycled.append(group) }
    }
    #expect(kept == answer.survivors[0])
    #expect(kept.count < Self.across * Self.down)
    let took = Set(answer.steps.flatMap { $0.segments[0].receivingGroups })
    #expect(recycled == kept.filter(took.contains))
    #expect(!recycled.isEmpty)
  }

  /// The first line that the picture fills from its left to its right edge.
  private static func top(of drawn: RGBImage, width: Int) -> Int? {
    let paper = [Color.paper.red, Color.paper.green, Color.paper.blue]
    return (0..<drawn.height).first { y in
      [0, width / 3, width - 1].allSatisfy { drawn.pixel(Sheet.margin + $0, y) != paper }
    }
  }
}
