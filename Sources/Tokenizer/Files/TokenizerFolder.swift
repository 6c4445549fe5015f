import Basics
import Diagnostics

/// The tokenizer's files in a checkpoint's folder.
enum TokenizerFolder {
  /// Reads `tokenizer.json`; if it is missing, `vocab.json` with `merges.txt`, or `tokenizer.model`, and the
  /// files with the added tokens.
  static func read(_ folder: String) throws(Failure) -> VocabularyParts {
    let full = "\(folder)/tokenizer.json"
    if let bytes = try FileBytes.read(full) {
      var parts = try TokenizerJSONFile.read(full, bytes)
      if parts.kind.isSentencePiece {
        try TokenizerConfiguration(folder, usualClass: nil).setBeginning(of: &parts)
      }
      return parts
    }
    let vocabulary = "\(folder)/vocab.json"
    let merges = "\(folder)/merges.txt"
    if let vocabularyBytes = try FileBytes.read(vocabulary),
      let mergesBytes = try FileBytes.read(merges)
    {
      return try readMerges((vocabulary, vocabularyBytes), (merges, mergesBytes), folder)
    }
    let model = "\(folder)/tokenizer.model"
    if let bytes = try FileBytes.read(model) { return try readModel(model, bytes, folder) }
    throw Failure(
      .modelUnusable, code: .tokenizerFilesMissing,
      "\(folder) has neither tokenizer.json nor vocab.json with merges.txt nor tokenizer.model",
      remedy: "Name the folder of a checkpoint as it was downloaded, with all of its files.")
  }

  /// These files do not contain the pattern; the class that the configuration names determines it.
  private static func readMerges(
    _ vocabulary: (file: String, bytes: [UInt8]), _ merges: (file: String, bytes: [UInt8]),
    _ folder: String
  ) throws(Failure) -> VocabularyParts {
    let configuration = try TokenizerConfiguration(folder, usualClass: "Qwen2Tokenizer")
    var parts = VocabularyParts()
    parts.kind = .byteLevel(try configuration.pattern())
    do throws(FormatProblem) {
      var scanner = try JSONScanner(vocabulary.bytes, codes: JSONCodes(.tokenizerFileDamaged))
      try parts.readTokens(&scanner)
      try scanner.end()
    } catch {
      throw FileComplaint.damaged(vocabulary.file, error)
    }
    // Merges come last, because none may lead to a special token.
    try configuration.readAdded(into: &parts)
    try MergesTextFile.read(merges.file, merges.bytes, into: &parts)
    return parts
  }

  private static func readModel(
    _ file: String, _ bytes: [UInt8], _ folder: String
  ) throws(Failure) -> VocabularyParts {
    let configuration = try TokenizerConfiguration(folder, usualClass: "LlamaTokenizer")
    try configuration.requireSentencePiece()
    let model: SentencePieceModel
    do throws(FormatProblem) { model = try SentencePieceModel(bytes) } catch {
      throw FileComplaint.damaged(file, error)
    }
    var parts = VocabularyParts()
    parts.kind = .sentencePiece(SentencePieceSettings())
    try SentencePieceFile.readTokens(model, file, into: &parts)
    try configuration.readAdded(into: &parts)
    try SentencePieceFile.readRest(model, file, into: &parts)
    try configuration.setBeginning(of: &parts)
    return parts
  }
}
