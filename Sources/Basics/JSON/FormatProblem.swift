import Diagnostics

/// An error in a file's contents, before the name of the file is known.
public struct FormatProblem: Error, Equatable {
  /// The code of the failure.
  public let code: FailureCode
  /// The sentence without the file's name.
  public let text: String

  /// A problem from its parts.
  public init(_ code: FailureCode, _ text: String) {
    self.code = code
    self.text = text
  }

  /// The same error, with its place in front of the text.
  public func inside(_ place: String) -> FormatProblem {
    FormatProblem(code, "\(place): \(text)")
  }
}
