import Basics
import Diagnostics

/// One safetensors file, mapped into memory and checked as a whole when it is opened.
///
/// Layout: 8 bytes with the little-endian length of the header, the header as a JSON object, then
/// the tensors without a gap. Source: https://huggingface.co/docs/safetensors/index.
public struct Safetensors: Sendable {
  /// The path the file was opened with.
  public let path: String
  /// The free text that came with the file.
  public let metadata: [String: String]

  let file: MappedFile
  /// Where the data begins, in bytes from the beginning of the file.
  private let dataStart: Int
  private let records: [TensorRecord]
  private let positions: [String: Int]

  /// Opens and checks a file.
  ///
  /// - Throws: `missingInput` when the file does not exist or may not be read, and `modelUnusable`
  ///   with a `checkpoint.` code when it is no sound safetensors file.
  public init(path: String) throws(Failure) {
    let file = try MappedFile(path: path)
    do throws(FormatProblem) {
      let header = try Self.readHeader(file.bytes)
      dataStart = header.dataStart
      records = header.content.records
      metadata = header.content.metadata
    } catch {
      throw Failure(
        .modelUnusable, code: error.code, "\(path): \(error.text)",
        remedy: error.code == .checkpointLFSPointer
          ? "Fetch the weights with 'git lfs pull'."
          : "Download the file again: it is damaged or not complete.")
    }
    self.path = path
    self.file = file
    var positions: [String: Int] = [:]
    positions.reserveCapacity(records.count)
    for (position, record) in records.enumerated() {
      positions[record.name] = position
    }
    self.positions = positions
  }

  private static func readHeader(
    _ bytes: UnsafeRawBufferPointer
  ) throws(FormatProblem) -> (content: SafetensorsHeader, dataStart: Int) {
    // A clone without Git LFS leaves a note of about 130 bytes in place of each large file.
    if bytes.starts(with: "version https://git-lfs".utf8) {
      throw FormatProblem(.checkpointLFSPointer, "a Git LFS pointer, not the weights themselves")
    }
    guard bytes.count >= 8 else {
      throw FormatProblem(
        .checkpointHeaderTruncated, "\(bytes.count) bytes, too few for the length of a header")
    }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= SafetensorsHeader.lengthLimit else {
      throw FormatProblem(
        .checkpointHeaderTooLarge,
        "a header of \(length) bytes, at most \(SafetensorsHeader.lengthLimit) allowed")
    }
    // At most 100,000,008, so the sum cannot overflow.
    let dataStart = 8 + Int(length)
    guard dataStart <= bytes.count else {
      throw FormatProblem(
        .checkpointHeaderTruncated,
        "a header of \(length) bytes does not fit into a file of \(bytes.count)")
    }
    let content = try SafetensorsHeader(
      Array(bytes[8..<dataStart]), dataLength: bytes.count - dataStart)
    return (content, dataStart)
  }

  /// The tensors' names in the order of their bytes.
  public var names: [String] { records.map(\.name) }

  /// The sum of all tensors' sizes in bytes.
  public var totalBytes: Int { file.bytes.count - dataStart }

  /// The tensor of this name, or `nil` where there is none.
  public func tensor(_ name: String) -> TensorEntry? {
    guard let record = record(name) else { return nil }
    let range = record.range.lowerBound + dataStart..<record.range.upperBound + dataStart
    return TensorEntry(
      name: name, dtype: record.type.rawValue, shape: record.shape, range: range,
      bytes: UnsafeRawBufferPointer(rebasing: file.bytes[range]), owner: file)
  }

  /// Releases all pages; they are read again if they are touched again.
  func discard() { file.discard(0..<file.bytes.count) }

  func record(_ name: String) -> TensorRecord? {
    positions[name].map { records[$0] }
  }
}
