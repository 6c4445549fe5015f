import Diagnostics

/// The failure codes for errors in a JSON text; they depend on the file.
public struct JSONCodes: Sendable {
  /// The text is not JSON, or a value has the wrong type.
  public let notJSON: FailureCode
  /// A string is not UTF-8.
  public let notUTF8: FailureCode
  /// The text is nested too deep.
  public let tooDeep: FailureCode

  /// A code for each error.
  public init(notJSON: FailureCode, notUTF8: FailureCode, tooDeep: FailureCode) {
    self.notJSON = notJSON
    self.notUTF8 = notUTF8
    self.tooDeep = tooDeep
  }

  /// The same code for every error.
  public init(_ code: FailureCode) {
    self.init(notJSON: code, notUTF8: code, tooDeep: code)
  }

  /// All codes.
  public var all: [FailureCode] { [notJSON, notUTF8, tooDeep] }
}
