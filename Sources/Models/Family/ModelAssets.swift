import Grounding
import Media
import Tokenizer

/// What every model has besides its layers, whatever its family.
public struct ModelAssets: Sendable {
  /// The model's tokenizer.
  public let tokenizer: Tokenizer
  /// Ids that end an answer.
  public let stopTokens: Set<Int32>
  /// The frames of a video that are looked at by default.
  public let sampling: FrameSampling
  /// The bytes of its weights, and what its products need.
  public let weights: WeightAccount
  /// What may be chosen about the prompt's form.
  public let promptFeatures: PromptFeatures
  /// What the numbers of boxes and points in its answers count; `nil` for a family that was not made to
  /// say where things are.
  public let boxCoordinates: BoxCoordinates?
  /// Notes for the user on how the model was loaded; usually none.
  public let notes: [String]

  /// Assets from their parts.
  package init(
    tokenizer: Tokenizer, stopTokens: Set<Int32>, sampling: FrameSampling, weights: WeightAccount,
    promptFeatures: PromptFeatures = PromptFeatures(), boxCoordinates: BoxCoordinates? = nil,
    notes: [String]
  ) {
    self.boxCoordinates = boxCoordinates
    self.promptFeatures = promptFeatures
    self.tokenizer = tokenizer
    self.stopTokens = stopTokens
    self.sampling = sampling
    self.weights = weights
    self.notes = notes
  }
}
