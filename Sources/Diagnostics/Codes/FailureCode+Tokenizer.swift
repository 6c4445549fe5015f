// Codes about tokenizers.
extension FailureCode {
  /// A word of the input is not a token id.
  public static let tokenizeNotAnID = FailureCode(rawValue: "tokenize.not-an-id")
  /// A file of the tokenizer is malformed.
  public static let tokenizerFileDamaged = FailureCode(rawValue: "tokenizer.file-damaged")
  /// A file of the tokenizer cannot be read.
  public static let tokenizerFileUnreadable = FailureCode(rawValue: "tokenizer.file-unreadable")
  /// The folder has no files of a tokenizer.
  public static let tokenizerFilesMissing = FailureCode(rawValue: "tokenizer.files-missing")
  /// The tokenizer is of a kind that is not supported.
  public static let tokenizerUnsupported = FailureCode(rawValue: "tokenizer.unsupported")

  /// All codes of this area.
  static let tokenizerCodes: [FailureCode] = [
    .tokenizeNotAnID, .tokenizerFileDamaged, .tokenizerFileUnreadable, .tokenizerFilesMissing,
    .tokenizerUnsupported,
  ]
}
