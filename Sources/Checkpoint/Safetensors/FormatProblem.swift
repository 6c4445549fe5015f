import Diagnostics

/// What is wrong inside a file, before it is known which file it is.
struct FormatProblem: Error, Equatable {
  /// The code of the failure.
  let code: FailureCode
  /// The sentence without the file's name.
  let text: String

  init(_ code: FailureCode, _ text: String) {
    self.code = code
    self.text = text
  }

  /// The same problem with the place where it was found put in front.
  func inside(_ place: String) -> FormatProblem {
    FormatProblem(code, "\(place): \(text)")
  }
}
