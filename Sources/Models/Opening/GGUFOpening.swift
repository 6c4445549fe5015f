import Checkpoint
import Diagnostics
import FoundationEssentials

/// Opens models in GGUF files.
enum GGUFOpening {
  /// Files that say how pictures are shown, which GGUF files do not: where they lie beside one, as in a
  /// folder in which a model was converted, they count.
  private static let processors = [
    "preprocessor_config.json", "video_preprocessor_config.json", "processor_config.json",
  ]

  /// Opens the files of a model and translates them as its family says.
  ///
  /// - Parameter projector: the image encoder's file; `nil` to look for it.
  /// - Throws: as `ModelPlace.open()`.
  static func open(text path: String, projector named: String?) throws(Failure) -> Checkpoint {
    let text = try GGUFFiles(path: path)
    let alone = try GGUFReader(text: text, projector: nil)
    try refuse(alone)
    var projector: GGUFFiles?
    if let named {
      projector = try GGUFFiles(path: named)
    } else if !alone.holdsBoth {
      projector = try ProjectorSearch(alone).found()
    }
    var reader = try GGUFReader(text: text, projector: projector)
    guard let support = ModelRegistry.all.lazy.compactMap(\.gguf).first(where: { $0.reads(reader) })
    else { throw unknownProjector(reader) }
    try support.translate(&reader)
    let folder = URL(filePath: path).deletingLastPathComponent().path
    if let listing = try? FolderListing(folder.isEmpty ? "." : folder) {
      for name in processors {
        if let bytes = listing.contents(name) { reader.translation.files[name] = Data(bytes) }
      }
    }
    return try Checkpoint(
      GGUFModel(text: text, projector: projector, translation: reader.translation))
  }

  /// Refuses architectures that no family has.
  private static func refuse(_ reader: GGUFReader) throws(Failure) {
    let known = Set(ModelRegistry.all.flatMap { $0.gguf?.architectures ?? [] })
    guard !known.contains(reader.architecture) else { return }
    if reader.architecture == "clip" {
      throw Failure(
        .usage, code: .modelProjector, "\(reader.text.path): a projector (mmproj), not a model",
        remedy: "Name the language model's file with --model, and this one with --mmproj.")
    }
    throw Failure(
      .modelUnusable, code: .modelFamily,
      "\(reader.text.path): models of the architecture “\(reader.architecture)” cannot be run",
      remedy: "Use a dense model that sees pictures, of one of these architectures: "
        + known.sorted().joined(separator: ", ") + ".")
  }

  private static func unknownProjector(_ reader: GGUFReader) -> Failure {
    let known = ModelRegistry.all.compactMap(\.gguf)
      .filter { $0.architectures.contains(reader.architecture) }.flatMap(\.projectors)
    return Failure(
      .modelUnusable, code: .modelFamily,
      "\((reader.projector ?? reader.text).path): an image encoder of the kind "
        + "“\(reader.projectorType ?? "unknown")” cannot be run with “\(reader.architecture)”",
      remedy: "Use the mmproj file of the same release "
        + "(supported: \(Set(known).sorted().joined(separator: ", "))).")
  }
}
