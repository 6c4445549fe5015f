import Basics
import Diagnostics

/// The parsed and checked header of a safetensors file.
///
/// The rules are those of the reference library: known types, whole sizes, and bytes that cover the rest
/// of the file without a gap or an overlap. Two rules are stricter, as the format page demands: repeated
/// names and a header that does not begin with a brace are refused. The limits below are our own.
/// Source: https://huggingface.co/docs/safetensors/index.
struct SafetensorsHeader {
  /// The most bytes a header may have; the reference library's limit.
  static let lengthLimit = 100_000_000
  /// The most dimensions of a shape. PyTorch allows 64; without a limit, a header could have a shape of
  /// 50 million.
  static let rankLimit = 64
  /// The most tensors of a file, and the most entries of its metadata. The largest checkpoints have
  /// about as many in all of their files together; a header could hold over a million.
  static let countLimit = 100_000

  /// The tensors in the order of their bytes.
  let records: [TensorRecord]
  /// The metadata under `__metadata__`.
  let metadata: [String: String]

  /// Parses the header's text.
  ///
  /// - Parameter dataLength: the bytes of the file behind the header.
  init(_ text: [UInt8], dataLength: Int) throws(FormatProblem) {
    guard String(validating: text, as: UTF8.self) != nil else {
      throw FormatProblem(.checkpointHeaderNotUTF8, "the header is not UTF-8")
    }
    guard text.first == UInt8(ascii: "{") else {
      throw FormatProblem(.checkpointHeaderNotJSON, "the header does not begin with '{'")
    }
    var records: [TensorRecord] = []
    var seen: Set<String> = []
    var metadata: [String: String] = [:]
    do {
      var scanner = try JSONScanner(text, codes: .header)
      try scanner.members { (scanner, name) throws(FormatProblem) in
        let name = String(decoding: name, as: UTF8.self)
        guard seen.insert(name).inserted else {
          throw FormatProblem(.checkpointHeaderDuplicate, "\(name.quoted) is listed twice")
        }
        if name == "__metadata__" {
          metadata = try Self.readMetadata(&scanner)
        } else {
          guard records.count < Self.countLimit else {
            throw FormatProblem(.checkpointHeaderTooLarge, "more than \(Self.countLimit) tensors")
          }
          do throws(FormatProblem) {
            records.append(try Self.readRecord(name, &scanner))
          } catch {
            throw error.inside("tensor \(name.quoted)")
          }
        }
      }
      try scanner.end()
    } catch {
      // The scanner's own errors are about the text, whichever function called it.
      let own = JSONCodes.header.all + [.checkpointHeaderDuplicate]
      throw own.contains(error.code) ? error.inside("header") : error
    }
    records.sort { left, right in
      (left.range.lowerBound, left.range.upperBound)
        < (right.range.lowerBound, right.range.upperBound)
    }
    try Self.checkCover(records, dataLength: dataLength)
    self.records = records
    self.metadata = metadata
  }

  private static func readMetadata(
    _ scanner: inout JSONScanner
  ) throws(FormatProblem) -> [String: String] {
    // The reference library writes no member for empty metadata, but also reads null as empty.
    if scanner.takeNull() { return [:] }
    var metadata: [String: String] = [:]
    do throws(FormatProblem) {
      try scanner.members { (scanner, key) throws(FormatProblem) in
        let key = String(decoding: key, as: UTF8.self)
        guard metadata.updateValue(try scanner.string(), forKey: key) == nil else {
          throw FormatProblem(.checkpointHeaderDuplicate, "\(key.quoted) is listed twice")
        }
        guard metadata.count <= countLimit else {
          throw FormatProblem(.checkpointHeaderTooLarge, "more than \(countLimit) entries")
        }
      }
    } catch {
      throw error.inside("__metadata__")
    }
    return metadata
  }

  private static func readRecord(
    _ name: String, _ scanner: inout JSONScanner
  ) throws(FormatProblem) -> TensorRecord {
    var typeName: String?
    var shape: [Int]?
    var offsets: [Int]?
    try scanner.members { (scanner, field) throws(FormatProblem) in
      let field = String(decoding: field, as: UTF8.self)
      func refuse(_ second: Bool) throws(FormatProblem) {
        if second {
          throw FormatProblem(.checkpointHeaderDuplicate, "\(field.quoted) is listed twice")
        }
      }
      switch field {
      case "dtype":
        try refuse(typeName != nil)
        typeName = try scanner.string()
      case "shape":
        try refuse(shape != nil)
        shape = try numbers(&scanner, limit: rankLimit, .checkpointTensorShape)
      case "data_offsets":
        try refuse(offsets != nil)
        offsets = try numbers(&scanner, limit: 2, .checkpointTensorOffsets)
      default:
        // The reference library ignores unknown fields.
        try scanner.skip()
      }
    }
    guard let typeName else { throw FormatProblem(.checkpointTensorType, "no dtype") }
    guard let shape else { throw FormatProblem(.checkpointTensorShape, "no shape") }
    guard let offsets, offsets.count == 2 else {
      throw FormatProblem(.checkpointTensorOffsets, "no pair of data_offsets")
    }
    guard let type = StoredType(rawValue: typeName) else {
      throw FormatProblem(.checkpointTensorType, "unknown dtype \(typeName.quoted)")
    }
    guard offsets[0] <= offsets[1] else {
      throw FormatProblem(.checkpointTensorOffsets, "data_offsets \(offsets) end before they begin")
    }
    guard let expected = type.byteCount(of: shape) else {
      throw FormatProblem(
        .checkpointTensorSize,
        "shape \(shape) of \(typeName) has no whole number of bytes below 2^60")
    }
    guard expected == offsets[1] - offsets[0] else {
      throw FormatProblem(
        .checkpointTensorSize,
        "shape \(shape) of \(typeName) takes \(expected) bytes, but data_offsets \(offsets) "
          + "cover \(offsets[1] - offsets[0])")
    }
    return TensorRecord(name: name, type: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  private static func numbers(
    _ scanner: inout JSONScanner, limit: Int, _ code: FailureCode
  ) throws(FormatProblem) -> [Int] {
    var numbers: [Int] = []
    guard scanner.peek() == UInt8(ascii: "[") else {
      throw scanner.problem("a list of numbers should come here", code: code)
    }
    try scanner.elements { (scanner) throws(FormatProblem) in
      guard numbers.count < limit else {
        throw scanner.problem("more than \(limit) numbers", code: code)
      }
      numbers.append(try scanner.count(code))
    }
    return numbers
  }

  /// Checks that the tensors follow each other from the first byte to the last.
  private static func checkCover(
    _ records: [TensorRecord], dataLength: Int
  ) throws(FormatProblem) {
    var end = 0
    var previous: TensorRecord?
    for record in records {
      let name = record.name.quoted
      if record.range.upperBound > dataLength {
        throw FormatProblem(
          .checkpointTruncated,
          "tensor \(name) ends at byte \(record.range.upperBound) of the data, but the file has "
            + "only \(dataLength)")
      }
      if record.range.lowerBound < end, let previous {
        throw FormatProblem(
          .checkpointOverlap, "tensor \(name) overlaps tensor \(previous.name.quoted)")
      }
      if record.range.lowerBound > end {
        throw FormatProblem(
          .checkpointGap,
          "\(record.range.lowerBound - end) bytes before tensor \(name) belong to no tensor")
      }
      end = record.range.upperBound
      previous = record
    }
    guard end == dataLength else {
      let last = previous.map { " after tensor \($0.name.quoted)" } ?? ""
      throw FormatProblem(
        .checkpointTrailingData, "\(dataLength - end) bytes\(last) belong to no tensor")
    }
  }
}
