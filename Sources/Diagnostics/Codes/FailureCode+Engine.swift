// Codes about answering a question.
extension FailureCode {
  /// The number of new tokens is out of range.
  public static let engineNewTokens = FailureCode(rawValue: "engine.new-tokens")
  /// Options were chosen that exclude each other.
  public static let optionConflict = FailureCode(rawValue: "option.conflict")
  /// An option of a question is out of range.
  public static let optionValue = FailureCode(rawValue: "option.value")
  /// A model was asked to think that does not.
  public static let promptThinking = FailureCode(rawValue: "prompt.thinking")
  /// The question has more tokens than the model takes.
  public static let promptTooLong = FailureCode(rawValue: "prompt.too-long")
  /// A prompt was to have markers around a video that its family has not.
  public static let promptVideoMarkers = FailureCode(rawValue: "prompt.video-markers")
  /// An option for choosing the next token is out of range.
  public static let samplingOption = FailureCode(rawValue: "sampling.option")

  /// All codes of this area.
  static let engineCodes: [FailureCode] = [
    .engineNewTokens, .optionConflict, .optionValue, .promptThinking, .promptTooLong,
    .promptVideoMarkers, .samplingOption,
  ]
}
