import Compute
import Options

/// How a model is held and computed.
public struct ModelOptions: Sendable, Equatable {
  /// How weights and the key-value cache are held.
  public var weights = WeightPrecision.bf16

  /// Threads that pack weights while a model is loaded; `nil` for one per processor.
  public var threads: Int?

  /// Whether weights in 8 bits are taken from the packed file beside the model, if there is one.
  public var usesPackedFile = true

  /// Weights in bf16.
  public init() {}

  /// Other weights.
  public init(weights: WeightPrecision) { self.weights = weights }

  /// Whether attention may round what it multiplies to bf16: where weights are no more exact than that.
  package var roundsAttention: Bool { weights != .f32 }

  /// The tensors of `source` as these options want them held.
  func holding(_ source: any WeightSource) -> any WeightSource {
    switch weights {
    case .f32: source
    case .bf16: NarrowedWeights(source: source)
    case .int8: QuantizedWeights(source: source, threads: ThreadTeam(count: threads))
    }
  }

  /// How keys and values are stored.
  package var cacheType: ElementType { weights == .f32 ? .f32 : .bf16 }
}
