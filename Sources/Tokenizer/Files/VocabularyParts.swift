import Basics
import Diagnostics

/// The result of all ways of loading: tokens, merges and added tokens, still in the files' spelling.
struct VocabularyParts {
  var kind = TokenizerKind.byteLevel(.letters)
  var tokens = TokenTable()
  var merges = MergeTable(capacity: 0)
  private(set) var added: [AddedToken] = []
  private var placeOfID: [Int: Int] = [:]
  private var placeOfContent: [String: Int] = [:]
  /// The ids that a prompt begins with.
  var beginning: [Int32] = []
  /// Characters that are part of tokens but none themselves (SentencePiece only).
  var partialCharacters: Set<UInt32> = []
  /// Special tokens and pieces whose place another token has taken: text becomes none of these.
  private(set) var excluded: Set<Int32> = []

  private var rank: UInt32 = 0
  private var joined: [UInt8] = []

  /// Reads `{"token": id, …}`.
  mutating func readTokens(_ scanner: inout JSONScanner) throws(FormatProblem) {
    var tokens = self.tokens
    self.tokens = TokenTable()
    try scanner.members { (scanner, name) throws(FormatProblem) in
      let id = try scanner.integer()
      if let complaint = tokens.insert(name, id: id) {
        throw scanner.problem("expected \(complaint)")
      }
    }
    self.tokens = tokens
  }

  /// Reserves space for at most this many merges, before the first of them.
  mutating func expectMerges(_ count: Int) {
    merges = MergeTable(capacity: count)
  }

  /// Adds the next merge; returns the error, if there is one.
  mutating func addMerge(_ left: [UInt8], _ right: [UInt8]) -> String? {
    func quoted(_ token: [UInt8]) -> String { "“\(String(decoding: token, as: UTF8.self))”" }
    guard let leftID = tokens.id(of: left) else {
      return "merges of known tokens, not of \(quoted(left))"
    }
    guard let rightID = tokens.id(of: right) else {
      return "merges of known tokens, not of \(quoted(right))"
    }
    joined.removeAll(keepingCapacity: true)
    joined += left
    joined += right
    guard let merged = tokens.id(of: joined) else {
      return "merges into known tokens, not into \(quoted(joined))"
    }
    defer { rank += 1 }
    if excluded.contains(merged) { return nil }
    merges.insert(
      left: UInt32(bitPattern: leftID), right: UInt32(bitPattern: rightID), rank: rank,
      merged: UInt32(bitPattern: merged))
    return nil
  }

  /// Adds a token outside the vocabulary; a token that is given twice must be the same both times. In
  /// SentencePiece's vocabularies it may take the place of a piece.
  mutating func addToken(
    _ content: String, id: Int, isSpecial: Bool, from file: String
  ) throws(Failure) {
    func damaged(_ expected: String) -> Failure {
      Failure(
        .modelUnusable, code: .tokenizerFileDamaged,
        "\(file): expected \(expected) for the added token “\(content)”",
        remedy: "Fetch the checkpoint again.")
    }
    guard id >= 0, id < TokenTable.idLimit else {
      throw damaged("an id from 0 to \(TokenTable.idLimit - 1), not \(id),")
    }
    guard !content.isEmpty else { throw damaged("a text") }
    if let known = tokens.id(of: Array(content.utf8)) {
      guard known == id else { throw damaged("its id in the vocabulary, \(known), not \(id),") }
    } else if tokens.contains(id: id) {
      guard kind.isSentencePiece else {
        throw damaged("an id of its own, not \(id) from the vocabulary,")
      }
      excluded.insert(Int32(id))
    }
    if isSpecial { excluded.insert(Int32(id)) }
    let token = AddedToken(content: content, id: Int32(id), isSpecial: isSpecial)
    guard let place = placeOfID[id] ?? placeOfContent[content] else {
      placeOfID[id] = added.count
      placeOfContent[content] = added.count
      added.append(token)
      return
    }
    guard added[place].id == id, added[place].content == content else {
      throw damaged("an id of its own and one only, not \(id),")
    }
    added[place] = token
  }

  /// Whether an added token has the id.
  func hasAdded(id: Int32) -> Bool { placeOfID[Int(id)] != nil }
}
