import Diagnostics
import Foundation
import Testing

@testable import Media

/// Pictures and documents that people really have, beside this file.
enum StillCases {
  static func path(_ name: String) -> String { CaseFiles.path(name) }

  /// The path of a file with the first bytes of a case.
  static func cut(_ name: String, to share: Double) throws -> String {
    let bytes = try Fixtures.bytes(path(name))
    let count = Int(share * Double(bytes.count))
    let plain = name.split(separator: "/").last.map(String.init) ?? name
    return try Fixtures.make("cut-\(count)-\(plain)", bytes: Array(bytes[..<count]))
  }

  /// The colors of the four quadrants that most cases have: red, green, blue and light gray.
  static let quadrants = [[220, 30, 30], [30, 180, 30], [30, 30, 220], [240, 240, 240]]

  /// The largest distance of an image's quadrants from those colors.
  static func distanceOfQuadrants(_ image: RGBImage) -> Int {
    let (x, y) = (image.width / 4, image.height / 4)
    let found = [
      image.color(x, y), image.color(3 * x, y), image.color(x, 3 * y), image.color(3 * x, 3 * y),
    ]
    return zip(found, quadrants).map { distance($0, $1) }.max() ?? 255
  }
}
