import Compute
import Options

/// The precision of a model's weights, and how they are loaded.
public struct ModelOptions: Sendable, Equatable {
  /// The precision of weights and KV cache.
  public var weights = WeightPrecision.bf16

  /// Threads that pack weights while a model is loaded; `nil` for one per processor.
  public var threads: Int?

  /// Whether packed weights are taken from the packed file beside the model, if there is one.
  public var usesPackedFile = true

  /// The mean squares of the inputs of matrices, `[inputs]`, by name: where there are any, the matrix is
  /// packed into 4 bits so that its results change least.
  public var importance: [String: [Float]] = [:]

  /// Weights in bf16.
  public init() {}

  /// Weights in another precision.
  public init(weights: WeightPrecision) { self.weights = weights }

  /// Whether attention may round its operands to bf16: only where weights are no more exact than that.
  package var roundsAttention: Bool { weights != .f32 }

  /// The tensors of `source` in the precision of these options.
  func holding(_ source: any WeightSource) -> any WeightSource {
    switch weights {
    case .f32: source
    case .bf16: NarrowedWeights(source: source, threads: ThreadTeam(count: threads))
    case .int8: QuantizedWeights(source: source, threads: ThreadTeam(count: threads))
    case .int4:
      QuantizedWeights(
        source: source, isFour: true, importance: importance, threads: ThreadTeam(count: threads))
    }
  }

  /// The type of keys and values in the KV cache.
  package var cacheType: ElementType { weights == .f32 ? .f32 : .bf16 }
}
