import Basics
import Diagnostics

/// One GGUF file, mapped into memory; its header is checked as a whole when it is opened.
///
/// Layout: `GGUF`, the version, the numbers of tensors and keys, the keys with their values, the names,
/// shapes, types and places of the tensors, and the tensors, aligned.
/// Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
public struct GGUFFile: Sendable {
  /// The path the file was opened with.
  public let path: String
  /// What the file says about the model.
  public let metadata: GGUFMetadata
  /// Bytes of all that comes before the tensors.
  let headerLength: Int

  let file: MappedFile
  private let records: [GGUFRecord]
  private let positions: [String: Int]

  /// Opens a file and checks its header.
  ///
  /// - Throws: `missingInput` when the file does not exist or may not be read, and `modelUnusable`
  ///   with a `checkpoint.` code when it is no sound GGUF file.
  public init(path: String) throws(Failure) {
    let file = try MappedFile(path: path)
    let header: GGUFHeader
    do throws(FormatProblem) {
      // A clone without Git LFS leaves a note of about 130 bytes in place of each large file.
      if file.bytes.starts(with: "version https://git-lfs".utf8) {
        throw FormatProblem(.checkpointLFSPointer, "a Git LFS pointer, not the weights themselves")
      }
      header = try GGUFHeader(file.bytes)
    } catch {
      throw Failure(
        .modelUnusable, code: error.code, "\(path): \(error.text)", remedy: Self.remedy(error.code))
    }
    self.path = path
    self.file = file
    metadata = GGUFMetadata(values: header.values, file: file)
    headerLength = header.length
    records = header.records
    positions = Dictionary(
      header.records.enumerated().map { ($0.element.name, $0.offset) }
    ) { first, _ in first }
  }

  private static func remedy(_ code: FailureCode) -> String {
    switch code {
    case .checkpointLFSPointer: "Fetch the weights with 'git lfs pull'."
    case .checkpointGGUFVersion:
      "Convert the model again with a current llama.cpp, or download another release."
    default: "Download the file again: it is damaged or not complete."
    }
  }

  /// Whether a file begins as GGUF files do; `false` for one that cannot be read.
  public static func isGGUF(_ path: String) -> Bool {
    guard let file = try? MappedFile(path: path) else { return false }
    return file.bytes.starts(with: "GGUF".utf8)
  }

  /// The tensors' names in the order of their bytes.
  public var names: [String] { records.map(\.name) }

  /// The sum of all tensors' sizes in bytes.
  public var totalBytes: Int { records.reduce(0) { $0 + $1.range.count } }

  /// The tensor of this name, or `nil` where there is none.
  public func tensor(_ name: String) -> GGUFTensor? {
    guard let position = positions[name] else { return nil }
    let record = records[position]
    return GGUFTensor(
      name: name, type: record.type, shape: record.shape, range: record.range,
      bytes: UnsafeRawBufferPointer(rebasing: file.bytes[record.range]), owner: file)
  }
}
