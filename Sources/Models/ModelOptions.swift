import Compute

/// How a model is held and computed.
public struct ModelOptions: Sendable, Equatable {
  /// How weights and the key-value cache are held.
  public var weights = WeightPrecision.bf16
  /// How the frequencies of rotary embeddings are held. f32 is what the models were trained with
  /// and what Transformers does after `from_pretrained`. bf16 reproduces programs that cast a whole
  /// PyTorch model, its buffers included, with `model.to(torch.bfloat16)`.
  public var rotaryFrequencies = ElementType.f32

  /// Weights in bf16, frequencies in f32.
  public init() {}

  /// Other weights.
  public init(weights: WeightPrecision) { self.weights = weights }

  /// `frequency` as it is held.
  func held(_ frequency: Float) -> Float {
    guard rotaryFrequencies == .bf16 else { return frequency }
    var (value, stored) = (frequency, UInt16(0))
    ElementType.bf16.narrow(&value, to: &stored, count: 1)
    ElementType.bf16.widen(&stored, to: &value, count: 1)
    return value
  }
}
