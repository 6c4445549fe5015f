import ArgumentParser
import Diagnostics
import Models
import Tokenizer

/// `illava tokenize`: converts text to token ids and back, as the model does.
struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Turn text into a model's token ids, or ids into text.",
    discussion: """
      Text is read from standard input and its ids are printed, one line of ids for each line. \
      Special tokens such as <|im_end|> are not looked for in the text. Lines end at a line feed; \
      a carriage return before it belongs to the text.
      """)

  @Option(
    help: """
      The folder of the checkpoint, with tokenizer.json, vocab.json and merges.txt, or tokenizer.model; \
      a GGUF file; or ollama:NAME[:TAG].
      """)
  var model: String

  @Flag(help: "Read ids and print their text instead.")
  var decode = false

  @Flag(help: "Take all of the input as one text or one sequence of ids, line feeds included.")
  var raw = false

  @Flag(
    help:
      "Texts end at a zero byte instead of a line feed, in the input and, with --decode, in the output."
  )
  var null = false

  func validate() throws {
    if raw && null {
      throw ValidationError("--raw takes the whole input, so --null has no meaning")
    }
  }

  func run() throws {
    try exiting {
      let tokenizer = try ModelPlace(model).tokenizer()
      var input = StandardInput()
      var output = StandardOutput()
      if raw {
        let rest = try input.rest()
        try output.write(decode ? text(of: rest, line: nil, tokenizer) : ids(of: rest, tokenizer))
        if !decode { try output.write([0x0A]) }
      } else {
        let ending: UInt8 = null ? 0 : 0x0A
        var number = 0
        while let line = try input.line(ending: ending) {
          number += 1
          let result =
            decode ? try text(of: line, line: number, tokenizer) : ids(of: line, tokenizer)
          try output.write(result)
          try output.write([decode ? ending : 0x0A])
        }
      }
      try output.flush()
    }
  }

  private func ids(of line: ArraySlice<UInt8>, _ tokenizer: Tokenizer) -> [UInt8] {
    var result: [UInt8] = []
    for id in tokenizer.encode(utf8: line) {
      if !result.isEmpty { result.append(0x20) }
      result += String(id).utf8
    }
    return result
  }

  private func text(
    of line: ArraySlice<UInt8>, line number: Int?, _ tokenizer: Tokenizer
  ) throws(Failure) -> [UInt8] {
    var ids: [Int32] = []
    for (offset, words) in line.split(separator: 0x0A, omittingEmptySubsequences: false)
      .enumerated()
    {
      for word in words.split(separator: 0x20) {
        let word = String(decoding: word, as: UTF8.self)
        guard let id = Int32(word), id >= 0 else {
          throw Failure(
            .badInput, code: .tokenizeNotAnID,
            "line \(number ?? offset + 1) of standard input: “\(word)” is not a token id",
            remedy: "Give whole numbers from 0, with spaces between them.")
        }
        ids.append(id)
      }
    }
    return Array(tokenizer.decode(ids, skipSpecial: false).utf8)
  }
}
