import Media
import Tokenizer

/// What every model has beside its layers, whatever its family.
public struct ModelAssets: Sendable {
  /// Its words.
  public let tokenizer: Tokenizer
  /// Ids that end an answer.
  public let stopTokens: Set<Int32>
  /// Which frames of a video are looked at unless the user says otherwise.
  public let sampling: FrameSampling
  /// What its weights take.
  public let weights: WeightAccount
  /// What the user should know about how the model was loaded; mostly nothing.
  public let notes: [String]

  /// Assets from their parts.
  package init(
    tokenizer: Tokenizer, stopTokens: Set<Int32>, sampling: FrameSampling, weights: WeightAccount,
    notes: [String]
  ) {
    self.tokenizer = tokenizer
    self.stopTokens = stopTokens
    self.sampling = sampling
    self.weights = weights
    self.notes = notes
  }
}
