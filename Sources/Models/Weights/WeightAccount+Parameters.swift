extension WeightAccount {
  /// The numbers of a model's tensors, by part.
  public struct Parameters: Sendable, Equatable {
    /// Numbers of the image encoder, with what leads from it to the language model.
    public private(set) var vision = 0
    /// Numbers of the language model.
    public private(set) var text = 0
    /// Tensors that the model consists of.
    public private(set) var tensors = 0
    /// Whether the output layer has weights of its own, and does not share the embedding's.
    public private(set) var hasOutput = false

    /// How the names of tensors of the image encoder begin, behind an optional `model.`.
    private static let visionParts: Set<Substring> = [
      "visual", "vision_tower", "vision_model", "mlp1", "multi_modal_projector", "image_newline",
    ]

    /// Adds a tensor by its name in the files.
    mutating func add(_ name: String, _ count: Int) {
      let parts = name.split(separator: ".", maxSplits: 2)
      let first = parts.first == "model" ? parts.dropFirst().first : parts.first
      tensors += 1
      if let first, Self.visionParts.contains(first) {
        vision += count
      } else {
        text += count
        hasOutput =
          hasOutput || name.hasSuffix("lm_head.weight") || name.hasSuffix(".output.weight")
      }
    }
  }
}
