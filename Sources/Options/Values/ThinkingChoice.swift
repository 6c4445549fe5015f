/// Whether a model thinks before it answers, for models that can do both.
public enum ThinkingChoice: String, Sendable, Codable, CaseIterable {
  /// As the model's chat template does by itself.
  case auto
  /// It thinks.
  case on
  /// It answers at once.
  case off
}

extension ThinkingChoice: OptionValue {}
