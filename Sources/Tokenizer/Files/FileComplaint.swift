import Basics
import Diagnostics

/// The errors of a tokenizer's files.
enum FileComplaint {
  /// The file is not what it should be.
  static func damaged(_ file: String, _ expected: String) -> Failure {
    Failure(
      .modelUnusable, code: .tokenizerFileDamaged, "\(file): expected \(expected)",
      remedy: "Fetch the checkpoint again.")
  }

  /// The same, for a problem whose place in the file is known.
  static func damaged(_ file: String, _ problem: FormatProblem) -> Failure {
    Failure(
      .modelUnusable, code: problem.code, "\(file), \(problem.text)",
      remedy: "Fetch the checkpoint again.")
  }

  /// Checks that a part of the file is of the supported kind.
  ///
  /// - Throws: `tokenizer.unsupported`.
  static func require(
    _ condition: Bool, _ file: String, _ part: String, _ supported: String
  ) throws(Failure) {
    if condition { return }
    throw Failure(
      .modelUnusable, code: .tokenizerUnsupported,
      "\(file): \(part) is of a kind that is not supported; supported is \(supported)",
      remedy: "Use a checkpoint with the tokenizer of Qwen2, Qwen2.5, Qwen3, Qwen3.5 or InternLM2.")
  }
}
