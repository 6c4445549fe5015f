import Basics
import Diagnostics

/// Added tokens of a folder without `tokenizer.json`: `added_tokens.json` has their ids and
/// `tokenizer_config.json` says which of them are special.
enum AddedTokenFiles {
  /// Adds the tokens of `added_tokens.json`; they are special where `special` has them.
  static func readList(
    _ file: String, _ bytes: [UInt8], special: Set<String>, into parts: inout VocabularyParts
  ) throws(Failure) {
    var list: [(String, Int)] = []
    do throws(FormatProblem) {
      var scanner = try JSONScanner(bytes, codes: JSONCodes(.tokenizerFileDamaged))
      try scanner.members { (scanner, name) throws(FormatProblem) in
        list.append((String(decoding: name, as: UTF8.self), try scanner.integer()))
      }
      try scanner.end()
    } catch {
      throw FileComplaint.damaged(file, error)
    }
    for (content, id) in list {
      try parts.addToken(content, id: id, isSpecial: special.contains(content), from: file)
    }
  }

  /// Adds the tokens of `added_tokens_decoder`.
  static func readDecoder(
    _ file: String, _ config: JSONValue, into parts: inout VocabularyParts
  ) throws(Failure) {
    guard let decoder = config["added_tokens_decoder"] else { return }
    guard case .object(let entries) = decoder else {
      throw FileComplaint.damaged(file, "“added_tokens_decoder” to be an object")
    }
    for (key, entry) in entries {
      guard let id = Int(key), let content = entry["content"]?.string else {
        throw FileComplaint.damaged(
          file, "“added_tokens_decoder” to give every whole number an object with “content”")
      }
      try parts.addToken(content, id: id, isSpecial: entry["special"]?.truth ?? false, from: file)
    }
  }

  /// The texts that `tokenizer_config.json` names as special, for lists without that mark.
  static func specialNames(_ config: JSONValue) -> Set<String> {
    var names: Set<String> = []
    func add(_ value: JSONValue?) {
      if let text = value?.string ?? value?["content"]?.string { names.insert(text) }
    }
    for role in ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token"] {
      add(config[role])
    }
    for value in config["additional_special_tokens"]?.elements ?? [] { add(value) }
    return names
  }
}
