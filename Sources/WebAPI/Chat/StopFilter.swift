/// Ends a text before the first of some texts, while it grows.
struct StopFilter {
  private let stops: [String]
  /// The bytes that were let through.
  private(set) var sent = 0
  /// Whether one of the texts was found.
  private(set) var isStopped = false

  init(_ stops: [String]) { self.stops = stops }

  /// What may be sent of a text that was shorter at the last call.
  ///
  /// - Parameter isWhole: whether the text grows no further.
  mutating func next(_ text: String, isWhole: Bool) -> String {
    guard !isStopped else { return "" }
    let bytes = Array(text.utf8)
    var end = bytes.count
    for stop in stops {
      if let range = text.firstRange(of: stop) {
        let place = text.utf8.distance(from: text.utf8.startIndex, to: range.lowerBound)
        end = min(end, place)
        isStopped = true
      }
    }
    if !isStopped, !isWhole {
      // The end of the text may be the beginning of a stop.
      end -= stops.map { Self.overlap(bytes, Array($0.utf8)) }.max() ?? 0
    }
    // Not within a character.
    while end > sent, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    guard end > sent else { return "" }
    defer { sent = end }
    return String(decoding: bytes[sent..<end], as: UTF8.self)
  }

  /// The most bytes at the end of a text that a stop begins with.
  private static func overlap(_ text: [UInt8], _ stop: [UInt8]) -> Int {
    for count in stride(from: min(text.count, stop.count - 1), to: 0, by: -1)
    where text.suffix(count).elementsEqual(stop.prefix(count)) {
      return count
    }
    return 0
  }
}
