/// The kinds of tokenizers, which prepare text and spell tokens in different ways.
enum TokenizerKind: Sendable {
  /// Byte-level BPE, as in Qwen2, with the way that text is split.
  case byteLevel(PreTokenizer.Pattern)
  /// SentencePiece's BPE over characters, with bytes for unknown ones, as in Llama and InternLM2.
  case sentencePiece(SentencePieceSettings)

  /// Whether it is SentencePiece's.
  var isSentencePiece: Bool {
    if case .sentencePiece = self { true } else { false }
  }

  /// Whether a space at the beginning of a decoded text is left out.
  var stripsFirstSpace: Bool {
    if case .sentencePiece(let settings) = self { settings.stripsFirstSpace } else { false }
  }

  /// Appends the bytes that a token stands for.
  func appendBytes(of spelling: ArraySlice<UInt8>, to result: inout [UInt8]) {
    guard isSentencePiece else { return ByteAlphabet.appendBytes(of: spelling, to: &result) }
    if let byte = SentencePieceSettings.byte(spelling) {
      result.append(byte)
      return
    }
    var index = spelling.startIndex
    while index < spelling.endIndex {
      if spelling[index...].starts(with: SentencePieceSettings.space) {
        result.append(0x20)
        index += SentencePieceSettings.space.count
      } else {
        result.append(spelling[index])
        index += 1
      }
    }
  }

  /// Bytes as text. Bytes that are not UTF-8 become U+FFFD: a cut character as a whole in byte-level BPE,
  /// each byte by itself in SentencePiece.
  func text(_ bytes: some Collection<UInt8>) -> String {
    guard isSentencePiece, String(validating: bytes, as: UTF8.self) == nil else {
      return String(decoding: bytes, as: UTF8.self)
    }
    let bytes = Array(bytes)
    var valid: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let rest = bytes[index..<min(index + 4, bytes.count)]
      let whole = (1...rest.count).first {
        String(validating: rest.prefix($0), as: UTF8.self) != nil
      }
      if let whole { valid += rest.prefix(whole) } else { valid += "\u{FFFD}".utf8 }
      index += whole ?? 1
    }
    return String(decoding: valid, as: UTF8.self)
  }
}
