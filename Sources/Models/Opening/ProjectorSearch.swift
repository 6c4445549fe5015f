import Checkpoint
import Diagnostics
import FoundationEssentials

/// Looks for the file of the image encoder (`mmproj-….gguf`) beside a language model.
struct ProjectorSearch {
  private let model: GGUFReader
  private let folder: String

  /// The types that releases have their projectors in, the most exact for the least bytes first.
  private static let types = ["bf16", "f16", "f32", "q8_0"]

  /// A search beside a model.
  init(_ model: GGUFReader) {
    self.model = model
    let path = URL(filePath: model.text.path).deletingLastPathComponent().path
    folder = path.isEmpty ? "." : path
  }

  /// Whether a file is a projector by its name.
  static func isProjector(_ name: String) -> Bool { name.lowercased().contains("mmproj") }

  /// The only projector that fits the model, or the most exact of one release.
  ///
  /// - Throws: `model.projector` where none fits or several do.
  func found() throws(Failure) -> GGUFFiles {
    let names = ((try? FolderListing(folder))?.names ?? [])
      .filter { $0.lowercased().hasSuffix(".gguf") && Self.isProjector($0) }
    var fitting: [(name: String, files: GGUFFiles)] = []
    var unreadable: Failure?
    for name in names {
      do throws(Failure) {
        let files = try GGUFFiles(path: "\(folder)/\(name)")
        if fits(files) { fitting.append((name, files)) }
      } catch {
        unreadable = unreadable ?? error
      }
    }
    guard let first = fitting.first else {
      if let unreadable { throw unreadable }
      throw Failure(
        .modelUnusable, code: .modelProjector,
        "\(model.text.path): no projector beside it"
          + (names.isEmpty ? " (mmproj-….gguf)" : "; \(names[0]) is of another model"),
        remedy: "Download the mmproj file of the same release, and name it with --mmproj.")
    }
    guard fitting.count > 1 else { return first.files }
    let stems = Set(fitting.map { stem($0.name) })
    guard stems.count == 1 else {
      throw Failure(
        .usage, code: .modelProjector,
        "\(model.text.path): \(fitting.count) projectors beside it",
        remedy: "Name one with --mmproj: \(fitting.map(\.name).joined(separator: ", ")).")
    }
    return fitting.min { rank($0.name) < rank($1.name) }?.files ?? first.files
  }

  /// Whether a projector gives tokens that the model takes, as far as that can be said: what else is wrong
  /// with it shows when it is read.
  private func fits(_ files: GGUFFiles) -> Bool {
    guard let reader = try? GGUFReader(text: model.text, projector: files) else { return true }
    guard ModelRegistry.all.contains(where: { $0.gguf?.reads(reader) == true }) else {
      return false
    }
    guard let width = try? reader.optionalVisionInteger("projection_dim"),
      let hidden = try? reader.integer("embedding_length")
    else { return true }
    return width == hidden
  }

  private func rank(_ name: String) -> Int {
    let name = name.lowercased()
    return Self.types.firstIndex { name.contains($0) } ?? Self.types.count
  }

  /// The name without its type.
  private func stem(_ name: String) -> String {
    var name = name.lowercased()
    for type in Self.types { name = name.replacing(type, with: "") }
    return name
  }
}
