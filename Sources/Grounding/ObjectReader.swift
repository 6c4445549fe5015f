/// Reads the places in the JSON objects of a text, however they are nested and whatever is around them.
///
/// The text is not expected to be valid: only objects that are complete count, so that an answer that was
/// cut off has its first boxes. One pass, and at most `depthLimit` open containers in memory.
struct ObjectReader {
  private let bytes: [UInt8]
  private var result: PlacedFindings
  private var position = 0
  private var open: [OpenContainer] = []
  /// Containers that are open and too deep to be looked at.
  private var deeper = 0
  /// The last byte that was no white space.
  private var last: UInt8 = 0
  /// Up to where strings with this quotation mark are known not to end, so that no byte is looked at for
  /// each of many marks.
  private var unclosed: [UInt8: Int] = [:]

  /// Containers inside each other that are looked at.
  static let depthLimit = 64

  init(_ bytes: [UInt8], limit: Int) {
    self.bytes = bytes
    result = PlacedFindings(limit: limit)
  }

  /// The places of all complete objects.
  mutating func read() -> PlacedFindings {
    while position < bytes.count {
      let byte = bytes[position]
      let start = position
      position += 1
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D: continue
      case 0x7B, 0x5B: begin(isObject: byte == 0x7B, at: start)
      case _ where open.isEmpty: break
      case 0x7D, 0x5D: end(isObject: byte == 0x7D)
      case 0x3A: nameMember()
      case 0x2C: finishMember()
      case 0x22: string(until: byte)
      // An apostrophe in a text between brackets begins no string.
      case 0x27 where [0x7B, 0x5B, 0x2C, 0x3A].contains(last): string(until: byte)
      default: word(from: start)
      }
      last = byte
    }
    return result
  }

  private mutating func begin(isObject: Bool, at offset: Int) {
    guard deeper == 0, open.count < Self.depthLimit else {
      deeper += 1
      return
    }
    let name = open.last.flatMap { $0.isObject ? $0.key : nil }
    open.append(OpenContainer(isObject: isObject, offset: offset, name: name))
  }

  private mutating func end(isObject: Bool) {
    guard deeper == 0 else {
      deeper -= 1
      return
    }
    // What was not closed in between is incomplete.
    guard let index = open.lastIndex(where: { $0.isObject == isObject }) else { return }
    open.removeLast(open.count - index - 1)
    finishMember()
    let closed = open.removeLast()
    emit(closed)
    if !open.isEmpty { open[open.count - 1].take(closed, limit: result.limit) }
  }

  /// Adds the places of an object; what it does not say about where they are, those around it do.
  private mutating func emit(_ object: OpenContainer) {
    guard object.isObject else { return }
    result.fail(object.badSpots)
    result.skip(object.moreSpots)
    guard !object.spots.isEmpty else { return }
    let place = open.reversed().reduce(object.place) { $0.filled(from: $1.place) }
    let label = object.foundLabel
    for spot in object.spots {
      result.add(
        Finding(spot.kind, label: label, numbers: spot.numbers, place: place), at: spot.offset)
    }
  }

  /// Takes the string before a colon as the name of a member.
  private mutating func nameMember() {
    guard deeper == 0, let container = open.last, container.isObject else { return }
    open[open.count - 1].key = container.text
    open[open.count - 1].text = nil
  }

  /// Takes the string before a comma or an end as a value.
  private mutating func finishMember() {
    guard deeper == 0, let text = open.last?.text else { return }
    open[open.count - 1].take(text: text)
    open[open.count - 1].text = nil
  }

  /// Reads a string; a quotation mark that is not closed on its line is skipped.
  private mutating func string(until quote: UInt8) {
    guard position >= unclosed[quote, default: 0] else { return }
    var end = position
    while end < bytes.count, bytes[end] != quote, bytes[end] != 0x0A {
      let isEscape = bytes[end] == 0x5C && end + 1 < bytes.count && bytes[end + 1] != 0x0A
      end += isEscape ? 2 : 1
    }
    guard end < bytes.count, bytes[end] == quote else {
      unclosed[quote] = end
      return
    }
    if deeper == 0 {
      let text = EscapedText.plain(bytes[position..<end].prefix(LabelText.byteLimit))
      if open[open.count - 1].isObject {
        open[open.count - 1].text = text
      } else {
        open[open.count - 1].take(text: text)
      }
    }
    position = end + 1
  }

  /// Reads a number, `null`, or anything else up to the next mark.
  private mutating func word(from start: Int) {
    while position < bytes.count, !Self.endsWord(bytes[position]) { position += 1 }
    guard deeper == 0 else { return }
    let word = bytes[start..<position]
    let text = String(decoding: word.prefix(LabelText.byteLimit), as: UTF8.self)
    if text == "null" || text == "None", open[open.count - 1].isObject {
      open[open.count - 1].key = nil
      return
    }
    let isNumber = word.first.map { NumberText.isPart($0) && $0 != 0x45 && $0 != 0x65 } ?? false
    if isNumber {
      open[open.count - 1].take(number: text, NumberText.value(word))
    } else {
      open[open.count - 1].take(text: text)
    }
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x3A, 0x5B, 0x5D, 0x7B, 0x7D, 0x22: true
    default: false
    }
  }
}
