import Basics
import Checkpoint
import Diagnostics
import FoundationEssentials

/// The files of a model that Ollama has downloaded: a manifest, which names blobs by their digests.
///
/// They lie in the folder that `OLLAMA_MODELS` names, or in `~/.ollama/models`:
/// `manifests/HOST/NAMESPACE/NAME/TAG` and `blobs/sha256-DIGEST`.
struct OllamaModel {
  /// The blob of the language model, and often of the image encoder, too.
  let text: String
  /// The blob of the image encoder; `nil` where the model's holds it.
  let projector: String?
  /// The folders and files that are read.
  let readablePaths: [String]

  /// The kinds of blobs.
  private static let (model, encoder) = (
    "application/vnd.ollama.image.model", "application/vnd.ollama.image.projector"
  )
  private static let usual = (
    host: "registry.ollama.ai", namespace: "library", tag: "latest"
  )

  /// Looks a model up.
  ///
  /// - Parameter name: `[HOST/][NAMESPACE/]NAME[:TAG]`.
  /// - Throws: `model.ollama`.
  init(
    _ name: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(Failure) {
    let root =
      environment["OLLAMA_MODELS"].flatMap { $0.isEmpty ? nil : $0 }
      ?? (environment["HOME"] ?? "") + "/.ollama/models"
    let path = try Self.manifest(name)
    let listing = try? FolderListing("\(root)/manifests/\(path.folder)")
    guard let listing, let bytes = listing.contents(path.tag) else {
      throw Self.missing(name, root, listing?.names ?? [])
    }
    let manifest: JSONValue
    do throws(FormatProblem) {
      manifest = try JSONValue.read(bytes, code: .modelOllama)
    } catch {
      throw Self.damaged("\(root)/manifests/\(path.folder)/\(path.tag)", error.text)
    }
    func blob(_ kind: String) throws(Failure) -> String? {
      let layer = manifest["layers"]?.elements?.first { $0["mediaType"]?.string == kind }
      guard let digest = layer?["digest"]?.string else { return nil }
      guard let hex = digest.wholeMatch(of: /sha256:([0-9a-f]{64})/)?.1 else {
        throw Self.damaged(
          "\(root)/manifests/\(path.folder)/\(path.tag)", "a digest that is no SHA-256")
      }
      return "\(root)/blobs/sha256-\(hex)"
    }
    guard let text = try blob(Self.model) else {
      throw Self.damaged("\(root)/manifests/\(path.folder)/\(path.tag)", "no model")
    }
    self.text = text
    let projector = try blob(Self.encoder)
    self.projector = projector
    readablePaths = ["\(root)/manifests/\(path.folder)", text] + (projector.map { [$0] } ?? [])
  }

  /// The folder and the name of a manifest below `manifests`.
  private static func manifest(_ name: String) throws(Failure) -> (folder: String, tag: String) {
    // A colon before the last slash belongs to the port of a host.
    let last = name.lastIndex(of: "/") ?? name.startIndex
    let colon = name[last...].lastIndex(of: ":")
    let tag = colon.map { String(name[name.index(after: $0)...]) } ?? usual.tag
    var parts = name[..<(colon ?? name.endIndex)].split(
      separator: "/", omittingEmptySubsequences: false
    ).map(String.init)
    if parts.count == 1 { parts.insert(usual.namespace, at: 0) }
    if parts.count == 2 { parts.insert(usual.host, at: 0) }
    // Nothing that leads out of the folder.
    let isPlain = (parts + [tag]).allSatisfy { part in
      part.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9._-]*/) != nil && part.utf8.count <= 128
    }
    guard parts.count == 3, isPlain else {
      throw Failure(
        .usage, code: .modelOllama, "“\(name)” is no name of a model of Ollama's",
        remedy: "Give NAME or NAME:TAG as `ollama list` prints it.")
    }
    return (parts.joined(separator: "/"), tag)
  }

  private static func missing(_ name: String, _ root: String, _ tags: [String]) -> Failure {
    Failure(
      .missingInput, code: .modelOllama, "\(root): Ollama has no model “\(name)” there",
      remedy: tags.isEmpty
        ? "Run `ollama pull \(name)`, or set OLLAMA_MODELS to the folder that Ollama uses."
        : "Give one of the tags it has: \(tags.prefix(10).joined(separator: ", ")).")
  }

  private static func damaged(_ path: String, _ what: String) -> Failure {
    Failure(
      .modelUnusable, code: .modelOllama, "\(path): \(what)",
      remedy: "Run `ollama pull` again: the manifest is damaged or of another version.")
  }
}
