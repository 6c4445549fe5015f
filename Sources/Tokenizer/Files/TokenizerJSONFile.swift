import Basics
import Diagnostics

/// `tokenizer.json`: the vocabulary and the preparation of text for it.
enum TokenizerJSONFile {
  /// Reads the file and checks that it describes one of the supported kinds of tokenizers.
  static func read(_ file: String, _ bytes: [UInt8]) throws(Failure) -> VocabularyParts {
    let contents: Contents
    do throws(FormatProblem) { contents = try Contents(bytes) } catch {
      throw FileComplaint.damaged(file, error)
    }
    let settings = JSONValue.object(contents.settings)
    let model = JSONValue.object(contents.model)
    var parts = VocabularyParts()
    parts.kind = try kind(settings, model: model, file)
    do throws(FormatProblem) { try contents.readTokens(into: &parts) } catch {
      throw FileComplaint.damaged(file, error)
    }
    try readAdded(contents.settings["added_tokens"] ?? .array([]), file, into: &parts)
    do throws(FormatProblem) { try contents.readMerges(into: &parts) } catch {
      throw FileComplaint.damaged(file, error)
    }
    parts.beginning = try TokenizerTemplate.beginning(settings["post_processor"], file)
    return parts
  }

  /// The contents of the file, and the positions of tokens and merges in it.
  private struct Contents {
    var settings: [String: JSONValue] = [:]
    var model: [String: JSONValue] = [:]
    private var scanner: JSONScanner
    private var tokensAt: Int?
    private var mergesAt: Int?

    init(_ bytes: [UInt8]) throws(FormatProblem) {
      var scanner = try JSONScanner(bytes, codes: JSONCodes(.tokenizerFileDamaged))
      var settings: [String: JSONValue] = [:]
      var model: [String: JSONValue] = [:]
      var tokensAt: Int?
      var mergesAt: Int?
      try scanner.members { (scanner, name) throws(FormatProblem) in
        let name = String(decoding: name, as: UTF8.self)
        guard name == "model" else {
          settings[name] = try scanner.value()
          return
        }
        try scanner.members { (scanner, name) throws(FormatProblem) in
          switch String(decoding: name, as: UTF8.self) {
          case "vocab":
            tokensAt = scanner.position
            try scanner.skip()
          case "merges":
            mergesAt = scanner.position
            try scanner.skip()
          case let name: model[name] = try scanner.value()
          }
        }
      }
      try scanner.end()
      self.scanner = scanner
      (self.settings, self.model) = (settings, model)
      (self.tokensAt, self.mergesAt) = (tokensAt, mergesAt)
    }

    func readTokens(into parts: inout VocabularyParts) throws(FormatProblem) {
      var scanner = scanner
      guard let tokensAt, mergesAt != nil else {
        throw scanner.problem("expected “model” with “vocab” and “merges”")
      }
      scanner.position = tokensAt
      try parts.readTokens(&scanner)
    }

    /// The merges can only be read after the tokens, whichever come first in the file.
    func readMerges(into parts: inout VocabularyParts) throws(FormatProblem) {
      var scanner = scanner
      guard let mergesAt else { return }
      scanner.position = mergesAt
      try TokenizerJSONFile.readMerges(&scanner, into: &parts)
    }
  }

  /// Merges come as `["a", "b"]`, or as `"a b"` in files from before 2024.
  private static func readMerges(
    _ scanner: inout JSONScanner, into parts: inout VocabularyParts
  ) throws(FormatProblem) {
    // There are usually fewer merges than tokens; more only where several merges give the same token.
    let start = scanner.position
    var count = 0
    try scanner.elements { (scanner) throws(FormatProblem) in
      count += 1
      try scanner.skip()
    }
    scanner.position = start
    var read = parts
    read.expectMerges(count)
    var left: [UInt8] = []
    var right: [UInt8] = []
    try scanner.elements { (scanner) throws(FormatProblem) in
      left.removeAll(keepingCapacity: true)
      right.removeAll(keepingCapacity: true)
      if scanner.peek() == 0x22 {
        try scanner.string(into: &left)
        guard let space = left.firstIndex(of: 0x20), left.last != 0x20,
          left[(space + 1)...].firstIndex(of: 0x20) == nil
        else { throw scanner.problem("expected two tokens with a space between them") }
        right += left[(space + 1)...]
        left.removeSubrange(space...)
      } else {
        var place = 0
        try scanner.elements { (scanner) throws(FormatProblem) in
          switch place {
          case 0: try scanner.string(into: &left)
          case 1: try scanner.string(into: &right)
          default: throw scanner.problem("expected two tokens to merge, not more")
          }
          place += 1
        }
        if place < 2 { throw scanner.problem("expected two tokens to merge, not \(place)") }
      }
      if let complaint = read.addMerge(left, right) {
        throw scanner.problem("expected \(complaint)")
      }
    }
    parts = read
  }

  private static func readAdded(
    _ value: JSONValue, _ file: String, into parts: inout VocabularyParts
  ) throws(Failure) {
    guard let entries = value.elements else {
      throw FileComplaint.damaged(file, "“added_tokens” to be an array")
    }
    for entry in entries {
      guard let content = entry["content"]?.string, case .integer(let id)? = entry["id"]
      else {
        throw FileComplaint.damaged(
          file, "every entry of “added_tokens” to have a text “content” and a whole number “id”")
      }
      try parts.addToken(content, id: id, isSpecial: entry["special"]?.truth ?? false, from: file)
    }
  }

  /// Checks what both kinds have in common, and all of the kind's own parts.
  private static func kind(
    _ settings: JSONValue, model: JSONValue, _ file: String
  ) throws(Failure) -> TokenizerKind {
    func require(_ condition: Bool, _ part: String, _ supported: String) throws(Failure) {
      try FileComplaint.require(condition, file, "“model.\(part)”", supported)
    }
    try require(model["type"] == nil || model["type"]?.string == "BPE", "type", "BPE")
    try require(model["ignore_merges"]?.truth != true, "ignore_merges", "false")
    for name in ["continuing_subword_prefix", "end_of_word_suffix"] {
      try require((model[name]?.string ?? "").isEmpty, name, "empty")
    }
    try require(model["dropout"] == nil, "dropout", "null")
    if model["byte_fallback"]?.truth == true, settings["decoder"]?["type"]?.string != "ByteLevel" {
      return .sentencePiece(try SentencePieceJSON.settings(settings, file))
    }
    for name in ["byte_fallback", "fuse_unk"] {
      try require(model[name]?.truth != true, name, "false")
    }
    try require(model["unk_token"] == nil, "unk_token", "null")
    return .byteLevel(try pattern(settings, file))
  }

  /// How a tokenizer over bytes splits text, which is one of the known ways.
  private static func pattern(
    _ settings: JSONValue, _ file: String
  ) throws(Failure) -> PreTokenizer.Pattern {
    func require(_ condition: Bool, _ part: String, _ supported: String) throws(Failure) {
      try FileComplaint.require(condition, file, "“\(part)”", supported)
    }
    try require(settings["normalizer"]?["type"]?.string == "NFC", "normalizer", "NFC")
    try require(settings["decoder"]?["type"]?.string == "ByteLevel", "decoder", "ByteLevel")

    let steps = settings["pre_tokenizer"]?["pretokenizers"]?.elements ?? []
    try require(
      steps.count == 2 && steps[0]["type"]?.string == "Split"
        && steps[1]["type"]?.string == "ByteLevel",
      "pre_tokenizer", "a sequence of Split and ByteLevel")
    let known = PreTokenizer.Pattern.allCases
    let pattern = known.first { $0.rawValue == steps[0]["pattern"]?["Regex"]?.string }
    try require(
      pattern != nil && steps[0]["behavior"]?.string == "Isolated"
        && steps[0]["invert"]?.truth != true,
      "pre_tokenizer",
      "a Split that isolates the pattern \(known.map(\.rawValue).joined(separator: " or "))")
    try require(
      steps[1]["add_prefix_space"]?.truth == false && steps[1]["use_regex"]?.truth == false,
      "pre_tokenizer", "a ByteLevel without “add_prefix_space” and “use_regex”")
    return pattern ?? .letters
  }
}
