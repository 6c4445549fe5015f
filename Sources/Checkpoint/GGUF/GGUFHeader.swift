import Basics
import Diagnostics

/// The parsed and checked header of a GGUF file of version 2 or 3.
///
/// Refused are counts and lengths beyond the file or the limits below, unknown types, names and keys
/// that are listed twice, tensors whose rows are not whole blocks, that are not aligned, overlap or end
/// behind the file. Bytes between and behind tensors are padding.
/// Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
struct GGUFHeader {
  /// The most tensors, and the most keys.
  static let countLimit = 100_000
  /// The most bytes of a key, as the format's page demands, and of a tensor's name: the page allows 64,
  /// and names that converters pass on from other files are longer.
  private static let (keyLimit, nameLimit) = (65_535, 1024)
  /// The most extents of a tensor (`GGML_MAX_DIMS`).
  private static let rankLimit = 4
  /// The alignment where the file names none, and the largest that is allowed.
  private static let (usualAlignment, alignmentLimit) = (32, 1 << 20)

  /// The values by their keys.
  let values: [String: GGUFValue]
  /// The tensors in the order of their bytes.
  let records: [GGUFRecord]
  /// Bytes of all that comes before the tensors.
  let length: Int

  /// Reads the header of a file.
  ///
  /// - Parameter bytes: the whole file.
  init(_ bytes: UnsafeRawBufferPointer) throws(FormatProblem) {
    var scanner = GGUFScanner(bytes)
    let (tensors, keys) = try Self.readCounts(&scanner)
    var values: [String: GGUFValue] = [:]
    for _ in 0..<keys {
      let key = try scanner.name(limit: Self.keyLimit)
      do throws(FormatProblem) {
        guard values.updateValue(try scanner.value(try scanner.kind()), forKey: key) == nil else {
          throw FormatProblem(.checkpointHeaderDuplicate, "listed twice")
        }
      } catch {
        throw error.inside("key \(key.quoted)")
      }
    }
    let alignment = try Self.alignment(values)
    var entries: [Entry] = []
    var seen: Set<String> = []
    for _ in 0..<tensors {
      let entry = try Self.readEntry(&scanner, alignment)
      guard seen.insert(entry.name).inserted else {
        throw FormatProblem(
          .checkpointHeaderDuplicate, "tensor \(entry.name.quoted) is listed twice")
      }
      entries.append(entry)
    }
    // At most 100 MB and 1 MiB, so the sum cannot overflow.
    let start = (scanner.position + alignment - 1) / alignment * alignment
    records = try Self.placed(entries, from: start, fileLength: bytes.count)
    self.values = values
    length = scanner.position
  }

  /// A tensor whose place is not yet checked.
  private struct Entry {
    let name: String
    let type: GGUFType
    let shape: [Int]
    let byteCount: Int
    let offset: Int
  }

  private static func readCounts(
    _ scanner: inout GGUFScanner
  ) throws(FormatProblem) -> (tensors: Int, keys: Int) {
    // "GGUF" as it stands in the file.
    guard try scanner.integer(UInt32.self) == 0x4655_4747 else {
      throw FormatProblem(.checkpointGGUFVersion, "not a GGUF file: it does not begin with “GGUF”")
    }
    let version = try scanner.integer(UInt32.self)
    guard version == 2 || version == 3 else {
      let isSwapped = version.byteSwapped == 2 || version.byteSwapped == 3
      throw FormatProblem(
        .checkpointGGUFVersion,
        isSwapped ? "a big-endian file" : "version \(version) of GGUF, but only 2 and 3 are read")
    }
    let counts = (try scanner.count(), try scanner.count())
    guard counts.0 <= countLimit, counts.1 <= countLimit else {
      throw FormatProblem(
        .checkpointHeaderTooLarge,
        "\(counts.0) tensors and \(counts.1) keys, at most \(countLimit) of each allowed")
    }
    return counts
  }

  private static func alignment(_ values: [String: GGUFValue]) throws(FormatProblem) -> Int {
    switch values["general.alignment"] {
    case nil: return usualAlignment
    case .integer(let alignment)
    where alignment > 0 && alignment <= alignmentLimit && alignment & (alignment - 1) == 0:
      return alignment
    case .some:
      throw FormatProblem(
        .checkpointGGUFValue,
        "key 'general.alignment': no power of two up to \(alignmentLimit)")
    }
  }

  private static func readEntry(
    _ scanner: inout GGUFScanner, _ alignment: Int
  ) throws(FormatProblem) -> Entry {
    let name = try scanner.name(limit: nameLimit)
    do throws(FormatProblem) {
      let rank = try scanner.integer(UInt32.self)
      guard rank <= rankLimit else {
        throw FormatProblem(.checkpointTensorShape, "\(rank) extents, at most \(rankLimit) allowed")
      }
      var extents: [Int] = []
      for _ in 0..<rank { extents.append(try scanner.count()) }
      let shape = Array(extents.reversed())
      let number = try scanner.integer(UInt32.self)
      guard let type = GGUFType(rawValue: number) else {
        throw FormatProblem(.checkpointTensorType, "the unknown type \(number)")
      }
      guard let byteCount = type.byteCount(of: shape) else {
        throw FormatProblem(
          .checkpointTensorSize,
          "shape \(shape) of \(type.name) has no whole number of blocks below 2^63 bytes")
      }
      let offset = try scanner.count()
      guard offset.isMultiple(of: alignment) else {
        throw FormatProblem(
          .checkpointTensorOffsets, "offset \(offset) is no multiple of \(alignment)")
      }
      return Entry(name: name, type: type, shape: shape, byteCount: byteCount, offset: offset)
    } catch {
      throw error.inside("tensor \(name.quoted)")
    }
  }

  /// Checks that every tensor has bytes of its own within the file.
  private static func placed(
    _ entries: [Entry], from start: Int, fileLength: Int
  ) throws(FormatProblem) -> [GGUFRecord] {
    var records: [GGUFRecord] = []
    for entry in entries {
      let (begin, far) = entry.offset.addingReportingOverflow(start)
      let (end, farther) = begin.addingReportingOverflow(entry.byteCount)
      guard !far, !farther, end <= fileLength else {
        throw FormatProblem(
          .checkpointTruncated,
          "tensor \(entry.name.quoted) ends behind the file, which has \(fileLength) bytes")
      }
      records.append(
        GGUFRecord(name: entry.name, type: entry.type, shape: entry.shape, range: begin..<end))
    }
    records.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    for (left, right) in zip(records, records.dropFirst())
    where right.range.lowerBound < left.range.upperBound {
      throw FormatProblem(
        .checkpointOverlap, "tensor \(right.name.quoted) overlaps tensor \(left.name.quoted)")
    }
    return records
  }
}
