/// A file name or a relative path as bytes, as the kernel has it: any byte but NUL, no encoding.
public struct BytePath: Hashable, Sendable {
  /// The bytes, without a NUL.
  public let bytes: [UInt8]

  /// A path from bytes; bytes after a NUL are dropped.
  public init(bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes.prefix { $0 != 0 })
  }

  /// A path from text.
  public init(_ text: String) { self.init(bytes: text.utf8) }

  /// The parts between slashes; empty ones and `.` are left out.
  public var components: [BytePath] {
    bytes.split(separator: UInt8(ascii: "/")).filter { $0 != [UInt8(ascii: ".")] }
      .map { BytePath(bytes: $0) }
  }

  /// The part after the last slash.
  public var last: BytePath { components.last ?? self }

  /// All but the last part; empty for a bare name.
  public var parent: BytePath {
    let parts = components.dropLast()
    return BytePath(bytes: Array(parts.map(\.bytes).joined(separator: [UInt8(ascii: "/")])))
  }

  /// Whether the path is empty.
  public var isEmpty: Bool { bytes.isEmpty }

  /// This path and another below it.
  public func appending(_ other: BytePath) -> BytePath {
    guard !isEmpty else { return other }
    return BytePath(bytes: bytes + [UInt8(ascii: "/")] + other.bytes)
  }

  /// This name followed by an ending.
  public func adding(_ ending: String) -> BytePath { BytePath(bytes: bytes + Array(ending.utf8)) }

  /// Whether the bytes end like this.
  public func hasSuffix(_ ending: String) -> Bool {
    let ending = Array(ending.utf8)
    return bytes.count >= ending.count && Array(bytes.suffix(ending.count)) == ending
  }

  /// Whether the bytes begin like this.
  public func hasPrefix(_ start: String) -> Bool { bytes.starts(with: start.utf8) }

  /// The path without an ending; `nil` if it does not have the ending or is nothing else.
  public func removing(_ ending: String) -> BytePath? {
    guard hasSuffix(ending), bytes.count > ending.utf8.count else { return nil }
    return BytePath(bytes: bytes.dropLast(ending.utf8.count))
  }

  /// Calls `body` with the path as a C string.
  func withCString<Result>(_ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
    let characters = bytes.map { CChar(bitPattern: $0) } + [0]
    return try characters.withUnsafeBufferPointer { buffer in
      // The array has at least the NUL, so it has an address.
      guard let address = buffer.baseAddress else { return try "".withCString(body) }
      return try body(address)
    }
  }
}

extension BytePath {
  /// The path for people and JSON: bytes that are not UTF-8, invisible characters and backslashes become
  /// `\xNN`, so that no name can move a terminal's cursor and every name can be read back.
  public var escaped: String {
    var text = ""
    var rest = bytes[...]
    while let first = rest.first {
      if let (scalar, length) = Self.scalar(at: rest), !Self.isHidden(scalar), first != 0x5C {
        text.unicodeScalars.append(scalar)
        rest = rest.dropFirst(length)
      } else {
        let digits = String(first, radix: 16)
        text += "\\x" + (digits.count == 1 ? "0" : "") + digits
        rest = rest.dropFirst()
      }
    }
    return text
  }

  /// The path that `escaped` wrote.
  public init(escaped text: String) {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let first = rest.first {
      if first == 0x5C, rest.count >= 4, rest[rest.startIndex + 1] == UInt8(ascii: "x"),
        let byte = UInt8(
          String(decoding: rest[(rest.startIndex + 2)..<(rest.startIndex + 4)], as: UTF8.self),
          radix: 16)
      {
        bytes.append(byte)
        rest = rest.dropFirst(4)
      } else {
        bytes.append(first)
        rest = rest.dropFirst()
      }
    }
    self.init(bytes: bytes)
  }

  /// The first character and the number of its bytes, if they are UTF-8.
  private static func scalar(at bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
    guard let first = bytes.first else { return nil }
    let length =
      switch first {
      case 0..<0x80: 1
      case 0xC2..<0xE0: 2
      case 0xE0..<0xF0: 3
      case 0xF0..<0xF5: 4
      default: 0
      }
    guard length > 0, bytes.count >= length,
      let text = String(validating: bytes.prefix(length), as: UTF8.self),
      let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1
    else { return nil }
    return (scalar, length)
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
    default: false
    }
  }
}

extension BytePath: CustomStringConvertible, ExpressibleByStringLiteral {
  /// The same as `escaped`.
  public var description: String { escaped }
  /// A path from a literal.
  public init(stringLiteral value: String) { self.init(value) }
}

extension BytePath: Codable {
  /// Reads the escaped form.
  public init(from decoder: any Decoder) throws {
    self.init(escaped: try decoder.singleValueContainer().decode(String.self))
  }

  /// Writes the escaped form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(escaped)
  }
}
