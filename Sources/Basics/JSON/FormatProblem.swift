import Diagnostics

/// What is wrong inside a file, before it is known which file it is.
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

  /// The same problem with the place where it was found put in front.
  public func inside(_ place: String) -> FormatProblem {
    FormatProblem(code, "\(place): \(text)")
  }
}
