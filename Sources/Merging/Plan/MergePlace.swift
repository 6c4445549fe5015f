/// The model part that merges.
public enum MergePlace: String, Sendable, Codable {
  /// Inside the image encoder.
  case vision = "vit"
  /// Inside the language model.
  case text = "llm"
}
