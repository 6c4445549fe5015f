import Diagnostics
import FoundationEssentials

/// What a model in GGUF is in terms of a Hugging Face folder: the files that such a folder would have, and
/// where each tensor comes from.
public struct GGUFTranslation: Sendable {
  /// `config.json` and others by name.
  public var files: [String: Data] = [:]
  /// The tensors' names in a Hugging Face folder, in the order they were added.
  public private(set) var names: [String] = []
  /// Notes for the user about what the file lacks.
  public var notes: [String] = []

  private var recipes: [String: GGUFRecipe] = [:]
  private var expected: [String: String] = [:]

  /// Nothing.
  public init() {}

  /// Adds a tensor; the first of a name counts.
  public mutating func add(_ name: String, _ recipe: GGUFRecipe) {
    guard recipes[name] == nil else { return }
    recipes[name] = recipe
    names.append(name)
  }

  /// Remembers what a tensor that the file lacks would be named there, for messages.
  public mutating func expect(_ name: String, as other: String) { expected[name] = other }

  /// Where the tensor of this name comes from; `nil` where the file lacks it.
  public func recipe(_ name: String) -> GGUFRecipe? { recipes[name] }

  /// The name in GGUF files of a tensor that the file lacks.
  public func expectedName(_ name: String) -> String? { expected[name] }
}
