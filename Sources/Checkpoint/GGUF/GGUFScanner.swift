import Basics
import Diagnostics

/// Reads the header of a GGUF file from its beginning on; everything is little-endian.
struct GGUFScanner {
  /// The most bytes of a header: vocabularies of the largest models have about 20 MB.
  static let lengthLimit = 100_000_000
  /// The most levels of lists in lists; no known key has any.
  private static let depthLimit = 4

  private let bytes: UnsafeRawBufferPointer
  private(set) var position: Int

  /// - Parameters:
  ///   - bytes: the file.
  ///   - position: the first byte to take.
  init(_ bytes: UnsafeRawBufferPointer, from position: Int = 0) {
    self.bytes = UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.lengthLimit))
    self.position = position
  }

  /// Takes the next bytes.
  mutating func take(_ count: Int) throws(FormatProblem) -> Range<Int> {
    guard count >= 0, count <= bytes.count - position else {
      throw bytes.count == Self.lengthLimit
        ? FormatProblem(
          .checkpointHeaderTooLarge, "a header of more than \(Self.lengthLimit) bytes")
        : FormatProblem(
          .checkpointHeaderTruncated,
          "the header goes on behind byte \(position), but the file has only \(bytes.count)")
    }
    defer { position += count }
    return position..<position + count
  }

  /// Takes a whole number.
  mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type
  ) throws(FormatProblem) -> Value {
    let place = try take(MemoryLayout<Value>.size)
    return Value(
      littleEndian: bytes.loadUnaligned(fromByteOffset: place.lowerBound, as: Value.self))
  }

  /// Takes a count of 64 bits.
  mutating func count() throws(FormatProblem) -> Int {
    let count = try integer(UInt64.self)
    guard let count = Int(exactly: count) else {
      throw FormatProblem(
        .checkpointHeaderTooLarge, "a count of \(count) before byte \(position)")
    }
    return count
  }

  /// Takes the place of a text.
  mutating func text() throws(FormatProblem) -> Range<Int> { try take(try count()) }

  /// Takes a name of at most `limit` bytes.
  mutating func name(limit: Int) throws(FormatProblem) -> String {
    let length = try count()
    guard length <= limit else {
      throw FormatProblem(
        .checkpointHeaderTooLarge,
        "a name of \(length) bytes before byte \(position), at most \(limit) allowed")
    }
    let place = try take(length)
    guard let name = String(validating: bytes[place], as: UTF8.self) else {
      throw FormatProblem(
        .checkpointHeaderNotUTF8, "the name at byte \(place.lowerBound) is not UTF-8")
    }
    return name
  }

  /// Takes the kind of a value.
  mutating func kind() throws(FormatProblem) -> GGUFValue.Kind {
    let number = try integer(UInt32.self)
    guard let kind = GGUFValue.Kind(rawValue: number) else {
      throw FormatProblem(.checkpointGGUFValue, "a value of the unknown type \(number)")
    }
    return kind
  }

  /// Takes a value of a kind.
  mutating func value(_ kind: GGUFValue.Kind) throws(FormatProblem) -> GGUFValue {
    switch kind {
    case .u8: .integer(Int(try integer(UInt8.self)))
    case .i8: .integer(Int(try integer(Int8.self)))
    case .u16: .integer(Int(try integer(UInt16.self)))
    case .i16: .integer(Int(try integer(Int16.self)))
    case .u32: .integer(Int(try integer(UInt32.self)))
    case .i32: .integer(Int(try integer(Int32.self)))
    case .i64: .integer(Int(try integer(Int64.self)))
    case .u64: Int(exactly: try integer(UInt64.self)).map(GGUFValue.integer) ?? .tooLarge
    case .f32: .number(Double(Float(bitPattern: try integer(UInt32.self))))
    case .f64: .number(Double(bitPattern: try integer(UInt64.self)))
    case .truth: .truth(try integer(UInt8.self) != 0)
    case .text: .text(try text())
    case .list: try list(depth: 1)
    }
  }

  /// Takes a list without reading its elements; those of lists in it are passed over.
  private mutating func list(depth: Int) throws(FormatProblem) -> GGUFValue {
    let kind = try kind()
    let count = try count()
    let start = position
    if let size = kind.size {
      let (length, overflow) = count.multipliedReportingOverflow(by: size)
      _ = try take(overflow ? .max : length)
    } else {
      guard kind == .text || depth < Self.depthLimit else {
        throw FormatProblem(
          .checkpointGGUFValue, "lists in lists in more than \(Self.depthLimit) levels")
      }
      // Every element takes eight bytes or more, so that the file's length bounds the time.
      for _ in 0..<count {
        if kind == .text { _ = try text() } else { _ = try list(depth: depth + 1) }
      }
    }
    return .list(kind, count: count, start..<position)
  }
}
