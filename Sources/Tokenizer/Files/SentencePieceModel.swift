import Basics
import Diagnostics

/// The contents of a `tokenizer.model` (SentencePiece's `ModelProto`) that matter for encoding.
struct SentencePieceModel {
  /// What a piece is for.
  enum Role: UInt64 {
    case normal = 1
    case unknown = 2
    case control = 3
    case userDefined = 4
    case unused = 5
    case byte = 6
  }

  /// A piece; its id is its place in the list.
  struct Piece {
    var text: [UInt8] = []
    var score: Float = 0
    var role = Role.normal
  }

  private(set) var pieces: [Piece] = []
  /// The algorithm: 1 is Unigram, 2 is BPE.
  private(set) var algorithm: UInt64 = 1
  private(set) var addsPrefix = true
  private(set) var removesExtraSpaces = true
  private(set) var escapesSpaces = true
  private(set) var putsSpacesAfterWords = false
  /// Whether texts are changed by a table before encoding or after decoding.
  private(set) var hasCharacterTable = false

  /// The longest piece, in bytes; published ones have less than 100.
  static let longestPiece = 256

  /// Reads the message.
  ///
  /// - Throws: `tokenizer.file-damaged`.
  init(_ bytes: [UInt8]) throws(FormatProblem) {
    var reader = ProtobufReader(bytes[...])
    while let (field, value) = try reader.next() {
      guard case .bytes(let message) = value else { continue }
      switch field {
      case 1:
        guard pieces.count < TokenTable.idLimit else {
          throw reader.problem("at most \(TokenTable.idLimit) pieces")
        }
        pieces.append(try Self.piece(message))
      case 2: try readTraining(message)
      case 3: try readNormalization(message)
      case 5:
        var inner = ProtobufReader(message)
        while let (field, value) = try inner.next() {
          if field == 2, case .bytes(let table) = value, !table.isEmpty {
            hasCharacterTable = true
          }
        }
      default: break
      }
    }
  }

  private static func piece(_ message: ArraySlice<UInt8>) throws(FormatProblem) -> Piece {
    var reader = ProtobufReader(message)
    var piece = Piece()
    while let (field, value) = try reader.next() {
      switch (field, value) {
      case (1, .bytes(let text)): piece.text = Array(text)
      case (2, .bits32(let bits)): piece.score = Float(bitPattern: bits)
      case (3, .number(let number)):
        guard let role = Role(rawValue: number) else {
          throw reader.problem("a type of piece from 1 to 6, not \(number)")
        }
        piece.role = role
      default: break
      }
    }
    guard 1...longestPiece ~= piece.text.count,
      String(validating: piece.text, as: UTF8.self) != nil
    else { throw reader.problem("a piece of 1 to \(longestPiece) bytes in UTF-8") }
    guard !piece.score.isNaN else { throw reader.problem("a number as the score of a piece") }
    return piece
  }

  private mutating func readTraining(_ message: ArraySlice<UInt8>) throws(FormatProblem) {
    var reader = ProtobufReader(message)
    while let (field, value) = try reader.next() {
      switch (field, value) {
      case (3, .number(let number)): algorithm = number
      case (24, .number(let flag)): putsSpacesAfterWords = flag != 0
      default: break
      }
    }
  }

  private mutating func readNormalization(_ message: ArraySlice<UInt8>) throws(FormatProblem) {
    var reader = ProtobufReader(message)
    while let (field, value) = try reader.next() {
      switch (field, value) {
      case (2, .bytes(let table)): hasCharacterTable = hasCharacterTable || !table.isEmpty
      case (3, .number(let flag)): addsPrefix = flag != 0
      case (4, .number(let flag)): removesExtraSpaces = flag != 0
      case (5, .number(let flag)): escapesSpaces = flag != 0
      default: break
      }
    }
  }
}
