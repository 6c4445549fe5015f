/// An object or an array that has begun and not ended.
struct OpenContainer {
  /// Whether it is an object.
  let isObject: Bool
  /// Where it begins.
  let offset: Int
  /// The name under which it stands in the object around it.
  let name: String?

  /// The name of the member that is being read.
  var key: String?
  /// A string that is a name if a colon follows, and else a value.
  var text: String?

  // Of an array:
  /// Its numbers; more than the most of a place do not count one by one.
  private(set) var numbers: [Double] = []
  /// Its arrays of numbers.
  private(set) var rows: [[Double]] = []
  /// How many more of these there are.
  private(set) var moreRows = 0
  /// Whether it has something that is neither.
  private(set) var isMixed = false

  // Of an object:
  /// The places it names, with where their numbers stand.
  private(set) var spots: [(kind: Finding.Kind, offset: Int, numbers: [Double])] = []
  /// Places that are too many.
  private(set) var moreSpots = 0
  /// Places that cannot be read.
  private(set) var badSpots = 0
  private(set) var place = FindingPlace()
  private var label: (rank: Int, text: String)?

  /// Names of a place.
  private static let kinds: [String: Finding.Kind] = [
    "bbox_2d": .box, "bbox": .box, "point_2d": .point, "point": .point,
  ]
  /// Names of a label, the best first.
  private static let labels = [
    "label", "text_content", "name", "object", "category", "class", "type", "text", "title",
    "caption", "description",
  ]

  init(isObject: Bool, offset: Int, name: String?) {
    self.isObject = isObject
    self.offset = offset
    self.name = name
  }

  /// What is said about all places of an object; without a label, the name it stands under counts.
  var foundLabel: String? { (label?.text ?? name).flatMap { LabelText.clipped($0) } }

  /// Takes a string or a word such as `true`.
  mutating func take(text: String) {
    guard isObject else {
      isMixed = true
      return
    }
    guard let key else { return }
    defer { self.key = nil }
    if Self.kinds[key] != nil {
      badSpots += 1
      return
    }
    if place.take(text, of: key) { return }
    if let rank = Self.labels.firstIndex(of: key), rank <= label?.rank ?? .max {
      label = (rank, text)
    }
  }

  /// Takes a number: its text, and its value where it has one.
  mutating func take(number text: String, _ value: Double?) {
    guard !isObject else { return take(text: text) }
    guard let value else {
      isMixed = true
      return
    }
    if numbers.count <= 4 { numbers.append(value) }
  }

  /// Takes a container that has ended inside this one.
  mutating func take(_ inner: OpenContainer, limit: Int) {
    if isObject {
      if let key, let kind = Self.kinds[key] { take(inner, as: kind, limit: limit) }
      key = nil
    } else if inner.isObject || inner.isMixed || !inner.rows.isEmpty {
      isMixed = true
    } else if rows.count < limit {
      rows.append(inner.numbers)
    } else {
      moreRows += 1
    }
  }

  private mutating func take(_ array: OpenContainer, as kind: Finding.Kind, limit: Int) {
    guard !array.isObject, !array.isMixed else {
      badSpots += 1
      return
    }
    var places = array.rows
    if !array.numbers.isEmpty { places.append(array.numbers) }
    // Two corners, each with brackets of its own.
    if kind == .box, places.count == 2, places.allSatisfy({ $0.count == 2 }) {
      places = [places[0] + places[1]]
    }
    for numbers in places {
      if numbers.count == kind.numbers {
        spots.append((kind, array.offset, numbers))
      } else if !numbers.isEmpty {
        badSpots += 1
      }
    }
    moreSpots += array.moreRows
  }
}
