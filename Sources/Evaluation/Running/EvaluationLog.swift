import Diagnostics
import FoundationEssentials

@preconcurrency import Glibc

/// The results so far, a line of JSON each, so that a run that was stopped goes on where it was.
///
/// The first line says what was asked and of whom, by hashes. A last line that was cut off is dropped.
/// One process at a time may have a log open.
public final class EvaluationLog {
  /// What all results of a log have in common.
  public struct Header: Sendable, Codable, Equatable {
    /// The version of the log's shape.
    public var schema = 1
    /// The SHA-256 of the data set's file.
    public let data: String
    /// The SHA-256 of every file of the model that decides its answers, by name.
    public let model: [String: String]
    /// What else decides them.
    public let settings: String

    /// A header from its parts.
    public init(data: String, model: [String: String], settings: String) {
      self.data = data
      self.model = model
      self.settings = settings
    }

    /// In words, what differs from another header.
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

  /// The line before a result: without the result, the process ended over that row.
  private struct Beginning: Codable {
    let begun: String
    let row: Int
  }

  /// A row that this many processes ended over is not tried again: it may be what ends them.
  static let maxEndings = 3

  /// Lines that could not be read and were passed over.
  public private(set) var unreadableLines = 0

  private let path: String
  private let descriptor: Int32
  private var records: [Key: EvaluationRecord] = [:]
  private var endings: [Key: Int] = [:]

  /// Opens a log, or begins one.
  ///
  /// - Parameter fresh: discards what is there.
  /// - Throws: `evaluation.log` when it cannot be opened, is in use, or is not a log;
  ///   `evaluation.log-differs` when it is of other data, another model or other settings.
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

  /// The result of a row under a variant, if there is one to go on with.
  ///
  /// Failures that may pass, such as a lack of memory, are no results.
  func record(variant: String, row: Int) -> EvaluationRecord? {
    records[Key(variant: variant, row: row)]
  }

  /// Notes that a row is about to be asked.
  ///
  /// - Throws: `evaluation.ended` where too many processes have ended over it, `evaluation.log`.
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

  /// Adds a result; it survives the process from here on.
  func append(_ record: EvaluationRecord) throws(Failure) {
    if record.isFinal { records[Key(variant: record.variant, row: record.row)] = record }
    try write(record)
  }

  /// Reads what is there and cuts off a last line that is not whole.
  ///
  /// - Returns: the bytes that were kept.
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
      // Not even the beginning of a header: somebody else's file.
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
