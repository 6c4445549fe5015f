import Diagnostics

/// The topic of an option.
public enum OptionTopic: Sendable {
  /// The question itself, and the length of the answer.
  case question
  /// The form of the answer, and how sure the model is.
  case answer
  /// The merging of visual tokens.
  case merging
  /// The size and number of images and frames.
  case media
  /// The sampling of the answer's tokens.
  case sampling
  /// How far a question may be reduced to fit into memory.
  case memory

  /// The failure code for invalid values of an option of this topic.
  var wrongValue: FailureCode {
    switch self {
    case .question, .answer, .merging, .media: .optionValue
    case .sampling: .samplingOption
    case .memory: .memoryFloor
    }
  }
}
