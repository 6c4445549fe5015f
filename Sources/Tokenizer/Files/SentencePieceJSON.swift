import Basics
import Diagnostics

/// The parts of a `tokenizer.json` that was made from a SentencePiece model (HF `LlamaConverter`): spaces
/// become U+2581 in a normalizer, or in a pre-tokenizer that does not cut.
enum SentencePieceJSON {
  /// - Throws: `tokenizer.unsupported`.
  static func settings(
    _ values: JSONValue, _ file: String
  ) throws(Failure) -> SentencePieceSettings {
    var settings = SentencePieceSettings()
    let normalizers = steps(values["normalizer"], "normalizers")
    let preTokenizer = values["pre_tokenizer"]
    if preTokenizer == nil {
      let prepends = normalizers.first?["type"]?.string == "Prepend"
      let replacing = normalizers.dropFirst(prepends ? 1 : 0)
      try FileComplaint.require(
        replacing.count == 1 && replacing.allSatisfy(replacesSpaces)
          && (!prepends || normalizers.first?["prepend"]?.string == space),
        file, "“normalizer”", "a Replace of spaces by U+2581, after a Prepend or alone")
      settings.prefix = prepends ? .always : .none
    } else {
      try FileComplaint.require(
        normalizers.isEmpty, file, "“normalizer”", "null where there is a pre-tokenizer")
      try FileComplaint.require(
        preTokenizer?["type"]?.string == "Metaspace"
          && preTokenizer?["replacement"]?.string == space
          && preTokenizer?["split"]?.truth == false,
        file, "“pre_tokenizer”", "null or a Metaspace that does not split")
      let scheme = preTokenizer?["prepend_scheme"]?.string ?? "always"
      let prefixes: [String: SpacePrefix] = [
        "never": .none, "always": .unlessSpace, "first": .unlessSpaceAtBeginning,
      ]
      guard let prefix = prefixes[scheme] else {
        throw FileComplaint.damaged(
          file, "“prepend_scheme” to be never, always or first, not “\(scheme)”")
      }
      settings.prefix = prefix
    }
    settings.stripsFirstSpace = try stripsFirstSpace(values["decoder"], file)
    return settings
  }

  private static let space = "\u{2581}"

  /// The steps of a sequence; a step alone is a sequence of one.
  private static func steps(_ value: JSONValue?, _ name: String) -> [JSONValue] {
    guard let value else { return [] }
    return value["type"]?.string == "Sequence" ? value[name]?.elements ?? [] : [value]
  }

  private static func replacesSpaces(_ step: JSONValue) -> Bool {
    step["type"]?.string == "Replace" && step["pattern"]?["String"]?.string == " "
      && step["content"]?.string == space
  }

  /// Whether the decoder takes one space off the beginning.
  private static func stripsFirstSpace(
    _ value: JSONValue?, _ file: String
  ) throws(Failure) -> Bool {
    let decoders = steps(value, "decoders")
    let names = decoders.compactMap { $0["type"]?.string }
    let usual = ["Replace", "ByteFallback", "Fuse"]
    var isSupported = names == usual || names == usual + ["Strip"]
    if isSupported {
      isSupported =
        decoders[0]["pattern"]?["String"]?.string == space
        && decoders[0]["content"]?.string == " "
      if let strip = decoders.dropFirst(3).first {
        isSupported =
          isSupported && strip["content"]?.string == " " && strip["start"] == .integer(1)
          && strip["stop"] == .integer(0)
      }
    }
    try FileComplaint.require(
      isSupported, file, "“decoder”",
      "Replace of U+2581, ByteFallback, Fuse and a Strip of one space at most")
    return names.count == 4
  }
}
