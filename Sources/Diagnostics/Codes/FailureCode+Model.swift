// Codes about models and their configuration.
extension FailureCode {
  /// A configuration file of the model is malformed or has values out of range.
  public static let modelConfig = FailureCode(rawValue: "model.config")
  /// The model is of a family that is not supported.
  public static let modelFamily = FailureCode(rawValue: "model.family")
  /// A GGUF file lacks what a model of its family needs, or its parts do not belong together.
  public static let modelGGUF = FailureCode(rawValue: "model.gguf")
  /// There is no memory for the weights.
  public static let modelNoMemory = FailureCode(rawValue: "model.no-memory")
  /// Ollama has no model of this name, or its files are damaged.
  public static let modelOllama = FailureCode(rawValue: "model.ollama")
  /// A model in GGUF comes without the file of its image encoder, or with several.
  public static let modelProjector = FailureCode(rawValue: "model.projector")
  /// The model computes infinities or what is no number.
  public static let modelNotNumbers = FailureCode(rawValue: "model.not-numbers")
  /// The weights are quantized in a way that is not read.
  public static let modelQuantized = FailureCode(rawValue: "model.quantized")
  /// The tokenizer lacks a token that the model needs.
  public static let modelSpecialToken = FailureCode(rawValue: "model.special-token")
  /// A tensor is larger than any memory.
  public static let modelTensorTooLarge = FailureCode(rawValue: "model.tensor-too-large")
  /// The tokenizer gives ids beyond the vocabulary of the model.
  public static let modelVocabulary = FailureCode(rawValue: "model.vocabulary")

  /// All codes of this area.
  static let modelCodes: [FailureCode] = [
    .modelConfig, .modelFamily, .modelGGUF, .modelNoMemory, .modelNotNumbers, .modelOllama,
    .modelProjector, .modelQuantized, .modelSpecialToken,
    .modelTensorTooLarge, .modelVocabulary,
  ]
}
