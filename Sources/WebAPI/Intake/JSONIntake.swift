import Diagnostics
import Spool

/// Takes a JSON text piece by piece and writes the media in it to files, so that neither the text nor a
/// medium is in memory as a whole.
///
/// Media are all strings that begin with `data:`, and all strings in arrays named `images`. In the text
/// that is left, `data:#1` stands for the first of them, and so on. No client can write that itself, because
/// its own string would be taken for a medium.
struct JSONIntake {
  /// The most bytes of the text that is left.
  private static let mostText = 2 << 20
  /// The most bytes between `data:` and the comma.
  private static let longestHeader = 256
  private static let deepest = 64
  private static let scheme = Array("data:".utf8)

  private enum Mode {
    /// Between strings.
    case outside
    /// At the beginning of a string.
    case deciding
    /// In a string that stays.
    case text
    /// Between `data:` and the comma.
    case header
    /// In the bytes of a medium.
    case medium
  }

  private enum Escape {
    case none, begun
    case unicode(UInt32, Int)
  }

  let files: IntakeFiles
  private(set) var output: [UInt8] = []
  private var mode = Mode.outside
  private var escape = Escape.none
  private var raw: [UInt8] = []
  private var head: [UInt8] = []
  private var word: [UInt8] = []
  private var key: [UInt8] = []
  /// For each open array or object, whether its strings are media.
  private var open: [Bool] = []
  private var decoder = Base64Decoder()
  private var decoded: [UInt8] = []

  init(files: IntakeFiles) { self.files = files }

  /// Takes the next bytes.
  ///
  /// - Throws: `web.body`, `web.media`, `spool.*`.
  mutating func feed(_ bytes: [UInt8]) throws(Failure) {
    for byte in bytes {
      switch mode {
      case .outside: try outside(byte)
      case .text: text(byte)
      case .deciding, .header, .medium: try unescape(byte)
      }
    }
    guard output.count <= Self.mostText else {
      throw Self.wrong("the request has more than \(Self.mostText >> 20) MiB without its media")
    }
    try flush()
  }

  /// The text that is left.
  ///
  /// - Throws: `web.body` where it ends within a string.
  mutating func finish() throws(Failure) -> [UInt8] {
    guard case .outside = mode else { throw Self.wrong("the request ends within a text") }
    return output
  }

  private mutating func outside(_ byte: UInt8) throws(Failure) {
    output.append(byte)
    switch byte {
    case UInt8(ascii: "\""):
      mode = .deciding
      raw.removeAll(keepingCapacity: true)
      head.removeAll(keepingCapacity: true)
      word.removeAll(keepingCapacity: true)
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      guard open.count < Self.deepest else { throw Self.wrong("the request is nested too deep") }
      open.append(byte == UInt8(ascii: "[") && key.elementsEqual("images".utf8))
      key = []
    case UInt8(ascii: "]"), UInt8(ascii: "}"): _ = open.popLast()
    case UInt8(ascii: ":"): key = word
    default: break
    }
  }

  private mutating func text(_ byte: UInt8) {
    output.append(byte)
    if case .begun = escape {
      escape = .none
    } else if byte == UInt8(ascii: "\\") {
      escape = .begun
    } else if byte == UInt8(ascii: "\"") {
      mode = .outside
    } else if word.count < 64 {
      word.append(byte)
    }
  }

  /// Reads a byte of a string that may be a medium, whose characters may be escaped.
  private mutating func unescape(_ byte: UInt8) throws(Failure) {
    if case .deciding = mode { raw.append(byte) }
    switch escape {
    case .none where byte == UInt8(ascii: "\""): return try endString()
    case .none where byte == UInt8(ascii: "\\"): escape = .begun
    case .none: try character(UInt32(byte))
    case .begun where byte == UInt8(ascii: "u"): escape = .unicode(0, 0)
    case .begun:
      escape = .none
      // Of the other escapes only these stand for themselves or for white space.
      let plain: [UInt8: UInt32] = [0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09, 0x62: 0x08, 0x66: 0x0C]
      try character(plain[byte] ?? UInt32(byte))
    case .unicode(let code, let digits):
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw Self.wrong("an escape in the request is broken")
      }
      let next = code << 4 | UInt32(digit)
      escape = digits == 3 ? .none : .unicode(next, digits + 1)
      if digits == 3 { try character(next) }
    }
  }

  private mutating func character(_ code: UInt32) throws(Failure) {
    switch mode {
    case .deciding:
      head.append(code < 0x80 ? UInt8(code) : 0xFF)
      // Up to here all characters were those of the scheme, in any case of their letters.
      let isScheme = head.last.map { $0 | 0x20 } == Self.scheme[head.count - 1]
      if isScheme, head.count < Self.scheme.count { return }
      if isScheme {
        (mode, head) = (.header, [])
      } else if open.last == true {
        try beginMedium(type: "")
        for byte in head { try medium(UInt32(byte)) }
      } else {
        keep()
      }
    case .header:
      guard head.count < Self.longestHeader, code < 0x80 else { throw Self.unreadable }
      guard code == 0x2C else { return head.append(UInt8(code)) }
      let parts = String(decoding: head, as: UTF8.self).lowercased().split(separator: ";")
      guard parts.last == "base64" else { throw Self.unreadable }
      try beginMedium(type: parts.count > 1 ? String(parts[0]) : "")
    case .medium: try medium(code)
    case .outside, .text: break
    }
  }

  /// The string stays as it was written.
  private mutating func keep() {
    output += raw
    word = Array(head.prefix(64))
    mode = .text
  }

  private mutating func endString() throws(Failure) {
    switch mode {
    case .deciding where open.last == true && !head.isEmpty:
      try beginMedium(type: "")
      for byte in head { try medium(UInt32(byte)) }
      try endMedium()
    case .deciding:
      output += raw
      word = head
    case .medium: try endMedium()
    case .header: throw Self.unreadable
    case .outside, .text: break
    }
    mode = .outside
  }

  private mutating func beginMedium(type: String) throws(Failure) {
    try files.begin(type: type)
    decoder = Base64Decoder()
    mode = .medium
  }

  private mutating func medium(_ code: UInt32) throws(Failure) {
    guard code < 0x80, decoder.take(UInt8(code), into: &decoded) else { throw Self.unreadable }
  }

  private mutating func endMedium() throws(Failure) {
    guard decoder.finish(into: &decoded) else { throw Self.unreadable }
    try flush()
    try files.end()
    output += Array("data:#\(files.count)\"".utf8)
  }

  private mutating func flush() throws(Failure) {
    guard !decoded.isEmpty else { return }
    try files.add(decoded)
    decoded.removeAll(keepingCapacity: true)
  }

  private static func wrong(_ message: String) -> Failure {
    Failure(.badInput, code: .webBody, message, remedy: "Send one JSON object.")
  }

  private static let unreadable = Failure(
    .badInput, code: .webMedia, "a picture in the request cannot be read",
    remedy: "Send it as a data: URL in base64.")
}
