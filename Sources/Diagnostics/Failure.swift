/// An error in the three parts a person needs: a stable code, what happened, what to do.
///
/// Every error that leaves a module is a `Failure`, so that the command line, the daemon and the answer
/// file report it in the same way.
public struct Failure: Error, Sendable, Equatable {
  /// Who has to act on a failure; each kind has its exit status (`sysexits.h`).
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// The command was called wrongly.
    case usage
    /// An image, a video or a job cannot be read or is not allowed.
    case badInput
    /// A file that was named does not exist or may not be opened.
    case missingInput
    /// The checkpoint is damaged, incomplete or of a family that is not supported.
    case modelUnusable
    /// The work does not fit into the memory that is free now.
    case outOfMemory
    /// A fault of the program itself or of the machine.
    case fault

    /// The exit status a process ends with for this kind.
    public var exitStatus: Int32 {
      switch self {
      case .usage: 64
      case .badInput: 65
      case .missingInput: 66
      case .modelUnusable: 69
      case .fault: 70
      case .outOfMemory: 75
      }
    }
  }

  /// The kind of failure, which says who has to act.
  public var kind: Kind
  /// The code of the failure, for programs.
  public var code: FailureCode
  /// What happened, naming the file and the values involved: a clause without a full stop.
  public var message: String
  /// What the reader can do about it, in whole sentences; `nil` where nothing helpful is known.
  public var remedy: String?

  /// The most bytes of a message, which may quote a name or a value of any length from outside.
  private static let longest = 2000

  /// A failure from its parts; the middle of a very long message is left out.
  public init(_ kind: Kind, code: FailureCode, _ message: String, remedy: String? = nil) {
    self.kind = kind
    self.code = code
    self.message = Self.shortened(message)
    self.remedy = remedy
  }

  private static func shortened(_ message: String) -> String {
    let bytes = message.utf8
    guard bytes.count > longest else { return message }
    let end = String(decoding: bytes.suffix(longest / 4), as: UTF8.self)
    let begin = String(decoding: bytes.prefix(longest - longest / 4), as: UTF8.self)
    return "\(begin) … \(end)"
  }
}

extension Failure: CustomStringConvertible {
  /// `message [code]`, and the remedy on a line of its own, for a terminal or a log.
  public var description: String {
    guard let remedy else { return "\(message) [\(code)]" }
    return "\(message) [\(code)]\n  \(remedy)"
  }
}
