import Compute
import Diagnostics

/// Collects tensors and writes them as one safetensors file.
///
/// The header lists the tensors in the order they were added. It is padded with spaces so that the data
/// starts at a multiple of 8 bytes, or of `dataAlignment`. The data is in the same order, except that
/// wider elements come first where widths are mixed, so that every tensor is aligned to its element
/// size, as in files of the reference library. The machine must be little-endian, as all that Swift
/// supports are. Source: https://huggingface.co/docs/safetensors/index.
public struct SafetensorsWriter: Sendable {
  private enum Payload: Sendable {
    case bytes([UInt8])
    case singles([Float])
    case integers([Int64])
    case weights(WeightStorage)
    case packed(PackedWeights)

    func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
      switch self {
      case .bytes(let values): values.withUnsafeBytes(body)
      case .singles(let values): values.withUnsafeBytes(body)
      case .integers(let values): values.withUnsafeBytes(body)
      case .weights(let weights):
        body(
          UnsafeRawBufferPointer(
            start: weights.base, count: weights.count * weights.elementType.size))
      case .packed(let weights): body(weights.bytes)
      }
    }
  }

  private struct Tensor: Sendable {
    let name: String
    let type: StoredType
    let shape: [Int]
    let byteCount: Int
    let payload: Payload
  }

  /// Free text that is written under `__metadata__`; no such member when empty.
  public var metadata: [String: String]

  /// The alignment of the data in the file, in bytes: a power of two, at least 8.
  var dataAlignment = 8

  private var tensors: [Tensor] = []
  private var seen: Set<String> = []

  /// Starts a file without tensors.
  public init(metadata: [String: String] = [:]) {
    self.metadata = metadata
  }

  /// The names of the tensors added so far, in their order.
  public var names: [String] { tensors.map(\.name) }

  /// Adds a tensor of any type that the format knows.
  ///
  /// - Parameters:
  ///   - dtype: the type as the header spells it, such as `I64`.
  ///   - bytes: the elements, row-major and little-endian.
  /// - Throws: `fault` with `checkpoint.write-tensor` when the type is unknown, the name is taken
  ///   or the shape does not fit the bytes.
  public mutating func add(
    _ name: String, dtype: String, shape: [Int], bytes: [UInt8]
  ) throws(Failure) {
    guard let type = StoredType(rawValue: dtype) else {
      throw Self.refused(name, "unknown type \(dtype.quoted)")
    }
    try add(name, type, shape, .bytes(bytes), bytes.count)
  }

  /// Adds a tensor in one of the encodings of weights.
  ///
  /// - Throws: as `add(_:dtype:shape:bytes:)`.
  public mutating func add(
    _ name: String, elementType: ElementType, shape: [Int], bytes: [UInt8]
  ) throws(Failure) {
    try add(name, dtype: elementType.rawValue, shape: shape, bytes: bytes)
  }

  /// Adds weights, without a copy.
  ///
  /// - Throws: as `add(_:dtype:shape:bytes:)`.
  public mutating func add(_ name: String, _ weights: WeightStorage) throws(Failure) {
    let type = weights.elementType.rawValue
    guard let stored = StoredType(rawValue: type) else {
      throw Self.refused(name, "unknown type \(type.quoted)")
    }
    try add(
      name, stored, weights.shape, .weights(weights), weights.count * weights.elementType.size)
  }

  /// Adds f32 values as an `F32` tensor, without a copy.
  ///
  /// - Throws: as `add(_:dtype:shape:bytes:)`.
  public mutating func add(_ name: String, shape: [Int], _ values: [Float]) throws(Failure) {
    try add(name, .f32, shape, .singles(values), values.count * 4)
  }

  /// Adds integers as an `I64` tensor, without a copy.
  ///
  /// - Throws: as `add(_:dtype:shape:bytes:)`.
  public mutating func add(_ name: String, shape: [Int], _ values: [Int64]) throws(Failure) {
    try add(name, .i64, shape, .integers(values), values.count * 8)
  }

  /// Adds packed weights as a `U8` tensor, without a copy.
  mutating func add(
    _ name: String, shape: [Int], _ weights: PackedWeights
  ) throws(Failure) {
    try add(name, .u8, shape, .packed(weights), weights.byteCount)
  }

  /// Writes the file under a temporary name in the same folder and then renames it, so that
  /// `path` never holds half a file. An existing file is replaced.
  ///
  /// - Throws: `missingInput` when the folder cannot be written to, `usage` when `path` is
  ///   something other than a file, `fault` when the disk is full or fails.
  public func write(to path: String) throws(Failure) {
    var offset = 0
    var ranges = [Range<Int>](repeating: 0..<0, count: tensors.count)
    let order = tensors.indices.sorted { left, right in
      // Widest first; the position keeps equals in order, which `sorted` does not guarantee.
      (-tensors[left].type.bits, left) < (-tensors[right].type.bits, right)
    }
    for index in order {
      let (end, overflow) = offset.addingReportingOverflow(tensors[index].byteCount)
      guard !overflow else { throw Self.refused(tensors[index].name, "too much data") }
      ranges[index] = offset..<end
      offset = end
    }
    let header = header(ranges)
    guard header.count <= SafetensorsHeader.lengthLimit else {
      throw Failure(
        .fault, code: .checkpointWriteHeader,
        "\(path): the header has \(header.count) bytes, more than readers accept")
    }
    let file = try AtomicFile(path: path)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { file.write($0) }
    header.withUnsafeBytes { file.write($0) }
    for index in order {
      tensors[index].payload.withBytes { file.write($0) }
    }
    try file.commit()
  }

  private mutating func add(
    _ name: String, _ type: StoredType, _ shape: [Int], _ payload: Payload, _ byteCount: Int
  ) throws(Failure) {
    guard name != "__metadata__" else { throw Self.refused(name, "the name is reserved") }
    guard shape.count <= SafetensorsHeader.rankLimit, type.byteCount(of: shape) == byteCount else {
      throw Self.refused(name, "\(byteCount) bytes do not fill the shape \(shape)")
    }
    guard seen.insert(name).inserted else { throw Self.refused(name, "the name is taken") }
    tensors.append(
      Tensor(name: name, type: type, shape: shape, byteCount: byteCount, payload: payload))
  }

  private static func refused(_ name: String, _ why: String) -> Failure {
    Failure(.fault, code: .checkpointWriteTensor, "tensor \(name.quoted): \(why)")
  }

  private func header(_ ranges: [Range<Int>]) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      // Sorted, so that equal contents give equal files.
      let texts = metadata.sorted { $0.key < $1.key }
        .map { "\(Self.literal($0.key)):\(Self.literal($0.value))" }
      members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    for (tensor, range) in zip(tensors, ranges) {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(Self.literal(tensor.name)):{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(range.lowerBound),\(range.upperBound)]}")
    }
    var bytes = Array("{\(members.joined(separator: ","))}".utf8)
    // The length of the header takes another 8 bytes.
    while (8 + bytes.count) % dataAlignment != 0 { bytes.append(0x20) }
    return bytes
  }

  /// The text as a JSON string.
  private static func literal(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": literal += "\\\""
      case "\\": literal += "\\\\"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: literal.unicodeScalars.append(scalar)
      }
    }
    return literal + "\""
  }
}
