/// A size in a configuration: a number for both sides, a pair, or an object of height and width.
struct SquareSize: Decodable, Sendable, Equatable {
  let height: Int
  let width: Int

  private enum Keys: String, CodingKey {
    case height
    case width
  }

  init(side: Int) {
    height = side
    width = side
  }

  init(from decoder: any Decoder) throws {
    if let side = try? decoder.singleValueContainer().decode(Int.self) {
      height = side
      width = side
    } else if var pair = try? decoder.unkeyedContainer() {
      height = try pair.decode(Int.self)
      width = try pair.decode(Int.self)
    } else {
      let values = try decoder.container(keyedBy: Keys.self)
      height = try values.decode(Int.self, forKey: .height)
      width = try values.decode(Int.self, forKey: .width)
    }
  }

  /// The side of a square; 0, which no size may be, where the sides differ.
  var side: Int { height == width ? height : 0 }
}
