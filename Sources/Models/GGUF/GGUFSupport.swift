import Checkpoint
import Diagnostics

/// How models of a family are read from GGUF files.
package struct GGUFSupport: Sendable {
  /// Translates the files of a model.
  package typealias Translator = @Sendable (inout GGUFReader) throws(Failure) -> Void

  /// The names of the architectures of its language models (`general.architecture`).
  let architectures: [String]
  /// The kinds of its projectors (`clip.projector_type`).
  let projectors: [String]
  /// The translation into a Hugging Face folder.
  let translate: Translator

  /// Support from its parts.
  package init(
    architectures: [String], projectors: [String], translate: @escaping Translator
  ) {
    self.architectures = architectures
    self.projectors = projectors
    self.translate = translate
  }

  /// Whether a model is of this family.
  func reads(_ reader: GGUFReader) -> Bool {
    guard architectures.contains(reader.architecture) else { return false }
    return reader.projectorType.map(projectors.contains) ?? reader.holdsBoth
  }
}
