import Diagnostics

/// What an option is about.
public enum OptionTopic: Sendable {
  /// What is asked, and how long the answer may be.
  case question
  /// How visual tokens are merged.
  case merging
  /// How pictures and videos are shown.
  case media
  /// How the tokens of the answer are chosen.
  case sampling
  /// How far a question may be cut down to fit into memory.
  case memory

  /// The code of the failure for a value that an option about this cannot have.
  var wrongValue: FailureCode {
    switch self {
    case .question, .merging, .media: .optionValue
    case .sampling: .samplingOption
    case .memory: .memoryFloor
    }
  }
}
