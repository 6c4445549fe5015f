import Basics
import Diagnostics

/// The tokenizer's files in a checkpoint's folder.
enum TokenizerFolder {
  /// Reads `tokenizer.json`; if it is missing, `vocab.json`, `merges.txt` and the files with the added
  /// tokens.
  static func read(_ folder: String) throws(Failure) -> VocabularyParts {
    let full = "\(folder)/tokenizer.json"
    if let bytes = try FileBytes.read(full) { return try TokenizerJSONFile.read(full, bytes) }
    let vocabulary = "\(folder)/vocab.json"
    let merges = "\(folder)/merges.txt"
    guard let vocabularyBytes = try FileBytes.read(vocabulary),
      let mergesBytes = try FileBytes.read(merges)
    else {
      throw Failure(
        .modelUnusable, code: .tokenizerFilesMissing,
        "\(folder) has neither tokenizer.json nor vocab.json with merges.txt",
        remedy: "Name the folder of a checkpoint as it was downloaded, with all of its files.")
    }
    let configFile = "\(folder)/tokenizer_config.json"
    let config = try readConfig(configFile)

    var parts = VocabularyParts()
    do throws(FormatProblem) {
      var scanner = try JSONScanner(vocabularyBytes, codes: JSONCodes(.tokenizerFileDamaged))
      try parts.readTokens(&scanner)
      try scanner.end()
    } catch {
      throw AddedTokenFiles.damaged(vocabulary, error)
    }
    try MergesTextFile.read(merges, mergesBytes, into: &parts)
    let list = "\(folder)/added_tokens.json"
    if let bytes = try FileBytes.read(list) {
      let special = AddedTokenFiles.specialNames(config)
      try AddedTokenFiles.readList(list, bytes, special: special, into: &parts)
    }
    try AddedTokenFiles.readDecoder(configFile, config, into: &parts)
    return parts
  }

  /// These files do not contain the pattern; the class that the configuration names determines it.
  private static func readConfig(_ file: String) throws(Failure) -> JSONValue {
    guard let bytes = try FileBytes.read(file) else { return .null }
    let config: JSONValue
    do throws(FormatProblem) {
      config = try JSONValue.read(bytes, code: .tokenizerFileDamaged)
    } catch {
      throw AddedTokenFiles.damaged(file, error)
    }
    guard case .object = config else { throw AddedTokenFiles.damaged(file, "an object") }
    let name = config["tokenizer_class"]?.string ?? "Qwen2Tokenizer"
    guard name == "Qwen2Tokenizer" || name == "Qwen2TokenizerFast",
      config["add_prefix_space"]?.truth != true
    else {
      throw Failure(
        .modelUnusable, code: .tokenizerUnsupported,
        "\(file): expected the class Qwen2Tokenizer without “add_prefix_space”, not \(name)",
        remedy: "Use a checkpoint with the tokenizer of Qwen2, Qwen2.5 or Qwen3.")
    }
    return config
  }
}
