import Diagnostics

/// The codes of what can be wrong with a JSON text, which depend on the file it is in.
public struct JSONCodes: Sendable {
  /// It is not JSON, or a value in it is not of the kind that belongs there.
  public let notJSON: FailureCode
  /// A string in it is not UTF-8.
  public let notUTF8: FailureCode
  /// It is nested too deep.
  public let tooDeep: FailureCode

  /// A code for each.
  public init(notJSON: FailureCode, notUTF8: FailureCode, tooDeep: FailureCode) {
    self.notJSON = notJSON
    self.notUTF8 = notUTF8
    self.tooDeep = tooDeep
  }

  /// One code for whatever is wrong.
  public init(_ code: FailureCode) {
    self.init(notJSON: code, notUTF8: code, tooDeep: code)
  }

  /// All of them.
  public var all: [FailureCode] { [notJSON, notUTF8, tooDeep] }
}
