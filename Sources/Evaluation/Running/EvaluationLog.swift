import Diagnostics
import FoundationEssentials

@preconcurrency import Glibc

/// The results so far, one line of JSON each, so that a stopped run can continue.
///
/// The first line identifies data set, model and settings by hashes. An incomplete last line is dropped.
/// Only one process at a time can open a log.
public final class EvaluationLog {
  /// What all results of a log have in common.
  public struct Header: Sendable, Codable, Equatable {
    /// The version of the log's shape.
    public var schema = 1
    /// The SHA-256 of the data set's file.
    public let data: String
    /// The SHA-256, by name, of every model file that affects the answers.
    public let model: [String: String]
    /// The settings that affect the answers.
    public let settings: String

    /// A header from its parts.
    public init(data: String, model: [String: String], settings: String) {
      self.data = data
      self.model = model
      self.settings = settings
    }

    /// The differences from another header, in words.
    func differences(from other: Header) -> [String] {
      var differences: [String] = []
      if schema != other.schema { differences.append("the log's version") }
      if data != other.data { differences.append("the data") }
      let files = Set(model.keys).union(other.model.keys).sorted().filter {
        model[$0] != other.model[$0]
      }
      if !files.isEmpty { differences.append("the model (\(files.joined(separator: ", ")))") }
      if settings != other.settings {
        differences.append("the settings (“\(other.settings)” then, “\(settings)” now)")
      }
      return differences
    }
  }

  private struct Key: Hashable {
    let variant: String
    let row: Int
  }

  /// The line written before a result. If no result follows, the process died while answering that row.
  private struct Beginning: Codable {
    let begun: String
    let row: Int
  }

  /// A row is not tried again after this many processes died while answering it, because it may be the
  /// cause.
  static let maxEndings = 3

  /// The number of lines that could not be read and were skipped.
  public private(set) var unreadableLines = 0

  private let path: String
  private let descriptor: Int32
  private var records: [Key: EvaluationRecord] = [:]
  private var endings: [Key: Int] = [:]

  /// Opens a log, or creates one.
  ///
  /// - Parameter fresh: discards existing results.
  /// - Throws: `evaluation.log` when the file cannot be opened, is in use, or is not a log;
  ///   `evaluation.log-differs` when it belongs to other data, another model or other settings.
  public init(path: String, header: Header, fresh: Bool = false) throws(Failure) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw Failure(
        .missingInput, code: .evaluationLog,
        "\(path): \(String(cString: strerror(errno)))",
        remedy: "Give a place that you may write in with --log.")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw Failure(
        .usage, code: .evaluationLog, "\(path) is in use by another run",
        remedy: "Wait for it, or give another file with --log.")
    }
    if fresh { ftruncate(descriptor, 0) }
    let whole = try load(header)
    if whole == 0 { try write(header) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The final result of a row under a variant; `nil` where there is none.
  ///
  /// Temporary failures, such as a lack of memory, are not results.
  func record(variant: String, row: Int) -> EvaluationRecord? {
    records[Key(variant: variant, row: row)]
  }

  /// Records that a row is about to be answered.
  ///
  /// - Throws: `evaluation.ended` where too many processes died while answering it, `evaluation.log`.
  func begin(variant: String, row: Int) throws(Failure) {
    let times = endings[Key(variant: variant, row: row)] ?? 0
    guard times < Self.maxEndings else {
      throw Failure(
        .badInput, code: .evaluationEnded,
        "the program ended \(times) times while it answered row \(row)",
        remedy: "Look at its media, or begin anew with --fresh to try again.")
    }
    try write(Beginning(begun: variant, row: row))
  }

  /// Adds a result; from now on it survives the end of the process.
  func append(_ record: EvaluationRecord) throws(Failure) {
    if record.isFinal { records[Key(variant: record.variant, row: record.row)] = record }
    try write(record)
  }

  /// Reads the existing lines and cuts off an incomplete last line.
  ///
  /// - Returns: the number of bytes kept.
  private func load(_ header: Header) throws(Failure) -> Int {
    guard let data = FileManager.default.contents(atPath: path) else { return 0 }
    let end = data.lastIndex(of: UInt8(ascii: "\n")).map { $0 - data.startIndex + 1 } ?? 0
    let lines = data.prefix(end).split(separator: UInt8(ascii: "\n"))
    let decoder = JSONDecoder()
    if let first = lines.first {
      guard let found = try? decoder.decode(Header.self, from: Data(first)) else {
        throw Failure(
          .usage, code: .evaluationLog, "\(path) is not a log of an evaluation",
          remedy: "Give another file with --log.")
      }
      let differences = header.differences(from: found)
      guard differences.isEmpty else {
        throw Failure(
          .usage, code: .evaluationLogDiffers,
          "\(path) is of another run: \(differences.joined(separator: " and ")) changed",
          remedy: "Give another file with --log, or begin anew with --fresh.")
      }
    } else if data.count > 0, end == 0, data.first != UInt8(ascii: "{") {
      // The file does not even begin like a header, so it is not a log.
      throw Failure(
        .usage, code: .evaluationLog, "\(path) is not a log of an evaluation",
        remedy: "Give another file with --log.")
    }
    for line in lines.dropFirst() {
      if let beginning = try? decoder.decode(Beginning.self, from: Data(line)) {
        endings[Key(variant: beginning.begun, row: beginning.row), default: 0] += 1
        continue
      }
      guard let record = try? decoder.decode(EvaluationRecord.self, from: Data(line)) else {
        unreadableLines += 1
        continue
      }
      endings[Key(variant: record.variant, row: record.row), default: 1] -= 1
      if record.isFinal { records[Key(variant: record.variant, row: record.row)] = record }
    }
    guard ftruncate(descriptor, off_t(end)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw writeFailure
    }
    return end
  }

  private var writeFailure: Failure {
    Failure(
      .fault, code: .evaluationLog,
      "\(path) cannot be written: \(String(cString: strerror(errno)))",
      remedy: "Free some space, then run it again: it goes on from here.")
  }

  private func write(_ value: some Encodable) throws(Failure) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line: Data
    do { line = try encoder.encode(value) + Data([UInt8(ascii: "\n")]) } catch {
      throw Failure(.fault, code: .evaluationLog, "a result cannot be written: \(error)")
    }
    var done = 0
    while done < line.count {
      let count = line.withUnsafeBytes { bytes in
        Glibc.write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
      }
      if count < 0 {
        guard errno == EINTR else { throw writeFailure }
      } else {
        done += count
      }
    }
  }
}
