import Synchronization

/// Makes the ids of jobs: UUIDs of version 7 (RFC 9562), which sort by the time they were made and are
/// unique.
public final class JobIDs: Sendable {
  /// The time of the last id, in milliseconds since 1970, and a counter within that millisecond.
  private let last: Mutex<(milliseconds: Int, counter: Int)>
  private static let counterBits = 12
  /// The last time that fits into an id.
  private static let lastTime = (1 << 48) - 1

  /// A source of ids.
  ///
  /// - Parameter latest: the greatest id so far; new ids are greater even if the clock was set back
  ///   since.
  public init(latest: String? = nil) {
    last = Mutex((latest.flatMap(Self.time) ?? 0, (1 << Self.counterBits) - 1))
  }

  /// The next id.
  ///
  /// - Parameter milliseconds: the time since 1970.
  public func next(milliseconds: Int) -> String {
    let (time, counter) = last.withLock { last in
      let most = (1 << Self.counterBits) - 1
      if milliseconds > last.milliseconds {
        last = (min(milliseconds, Self.lastTime), Int.random(in: 0..<256))
      } else if last.counter < most {
        last.counter += 1
      } else if last.milliseconds < Self.lastTime {
        last = (last.milliseconds + 1, 0)
      }
      // At the last possible time only the random part tells ids apart.
      return last
    }
    let high = UInt64(time) << 16 | 0x7000 | UInt64(counter)
    let low = 0x8000_0000_0000_0000 | UInt64.random(in: 0..<(1 << 62))
    let digits = Self.digits(high) + Self.digits(low)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(index) { text += "-" }
      text.append(digit)
    }
    return text
  }

  /// Whether a name has the form of an id.
  public static func isID(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count == 36, bytes[14] == UInt8(ascii: "7") else { return false }
    return bytes.enumerated().allSatisfy { index, byte in
      [8, 13, 18, 23].contains(index)
        ? byte == UInt8(ascii: "-")
        : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
  }

  /// When an id was made, in milliseconds since 1970; `nil` for a text that is not an id.
  static func time(_ text: String) -> Int? {
    guard isID(text) else { return nil }
    return Int(text.prefix(13).filter { $0 != "-" }, radix: 16)
  }

  private static func digits(_ value: UInt64) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
