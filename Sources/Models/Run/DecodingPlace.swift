import Compute

/// A place in an answer that its decoding can go back to.
public struct DecodingPlace: Sendable {
  /// The tokens of the answer before it.
  let tokens: Int
  /// Copies of the states of the layers that have one, by layer.
  let states: [DeltaState?]
}
