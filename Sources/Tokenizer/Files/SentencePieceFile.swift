import Basics
import Diagnostics

/// `tokenizer.model`: SentencePiece's own file, as OpenGVLab's folders with InternLM2 have it.
enum SentencePieceFile {
  /// The tokens of the file; their merges are added when the added tokens are known.
  static func readTokens(
    _ model: SentencePieceModel, _ file: String, into parts: inout VocabularyParts
  ) throws(Failure) {
    for (id, piece) in model.pieces.enumerated() {
      if let complaint = parts.tokens.insert(piece.text, id: id) {
        throw FileComplaint.damaged(file, complaint)
      }
    }
    try FileComplaint.require(model.algorithm == 2, file, "the algorithm", "BPE")
    try FileComplaint.require(!model.hasCharacterTable, file, "the normalization", "“identity”")
    try FileComplaint.require(
      !model.removesExtraSpaces, file, "“remove_extra_whitespaces”", "false")
    try FileComplaint.require(model.escapesSpaces, file, "“escape_whitespaces”", "true")
    try FileComplaint.require(
      !model.putsSpacesAfterWords, file, "“treat_whitespace_as_suffix”", "false")
  }

  /// Adds the merges, the symbols that stay whole, and the special tokens of the file itself. Text becomes
  /// neither these nor any added token.
  static func readRest(
    _ model: SentencePieceModel, _ file: String, into parts: inout VocabularyParts
  ) throws(Failure) {
    var settings = SentencePieceSettings()
    settings.prefix = model.addsPrefix ? .always : .none
    settings.stripsFirstSpace = model.addsPrefix
    for (id, piece) in model.pieces.enumerated() {
      let id = Int32(truncatingIfNeeded: id)
      switch piece.role {
      case .normal, .unused: continue
      case .userDefined:
        if !parts.excluded.contains(id) { settings.whole[piece.text] = id }
      case .unknown, .control:
        if !parts.hasAdded(id: id) {
          try parts.addToken(
            String(decoding: piece.text, as: UTF8.self), id: Int(id), isSpecial: true, from: file)
        }
      case .byte: break
      }
      settings.unreachable.insert(id)
    }
    settings.unreachable.formUnion(parts.excluded)
    try addMerges(model, settings, file, into: &parts)
    parts.kind = .sentencePiece(settings)
  }

  /// Two neighbors merge where their texts together are a piece; the highest score comes first. So every
  /// way to cut a piece in two is a merge, of one rank for all pieces of one score.
  private static func addMerges(
    _ model: SentencePieceModel, _ settings: SentencePieceSettings, _ file: String,
    into parts: inout VocabularyParts
  ) throws(Failure) {
    let scores = Set(model.pieces.map(\.score)).sorted(by: >)
    let ranks = Dictionary(
      scores.enumerated().map { ($1, UInt32(truncatingIfNeeded: $0)) }
    ) { first, _ in first }
    let reachable = model.pieces.enumerated().filter { id, piece in
      !settings.unreachable.contains(Int32(truncatingIfNeeded: id))
    }
    var merges: [(left: UInt32, right: UInt32, rank: UInt32, merged: UInt32)] = []
    for (id, piece) in reachable {
      for cut in piece.text.indices.dropFirst() where piece.text[cut] & 0xC0 != 0x80 {
        guard let left = symbol(piece.text[..<cut], settings, &parts),
          let right = symbol(piece.text[cut...], settings, &parts)
        else { continue }
        try FileComplaint.require(
          piece.role == .normal, file, "an unused piece that has parts", "one without parts")
        merges.append(
          (left, right, ranks[piece.score] ?? .max, UInt32(truncatingIfNeeded: id)))
      }
    }
    parts.expectMerges(merges.count)
    for merge in merges {
      parts.merges.insert(
        left: merge.left, right: merge.right, rank: merge.rank, merged: merge.merged)
    }
  }

  /// The symbol that text such as this can become: a token, or a character that is part of tokens.
  private static func symbol(
    _ text: ArraySlice<UInt8>, _ settings: SentencePieceSettings, _ parts: inout VocabularyParts
  ) -> UInt32? {
    if let id = parts.tokens.id(of: text), !settings.unreachable.contains(id) {
      return UInt32(bitPattern: id)
    }
    guard text.count <= 4 else { return nil }
    let (scalar, length) = UTF8Scalars.scalar(in: Array(text), at: 0)
    guard length == text.count else { return nil }
    parts.partialCharacters.insert(scalar)
    return SentencePieceEncoder.symbol(ofPart: scalar)
  }
}
