import Basics
import Diagnostics
import FoundationEssentials
import Grammar
import Tokenizer

@preconcurrency import Glibc

/// Says which tokens forms of answers allow, for comparison with other implementations.
///
/// The argument is a folder with a tokenizer. Each line of standard input is one form, as JSON:
///
/// - `schema` or `regex`: the form as text; with `open`, other members of objects are allowed.
/// - `texts`: lists of token ids. For each, a digest of every set of allowed tokens is told until a token
///   is not allowed; `ids` tells the sets themselves.
/// - `values`: texts, for each of which is told whether it has the form.
@main
struct MasksProgram {
  static func main() throws {
    guard CommandLine.arguments.count == 2 else {
      throw Failure(
        .usage, code: .optionValue, "there is no folder of a tokenizer",
        remedy: "Give one folder.")
    }
    let tokenizer = try Tokenizer(folder: CommandLine.arguments[1])
    let clock = ContinuousClock()
    let start = clock.now
    let trie = TokenTrie(idBound: tokenizer.idBound) { tokenizer.bytes(ofTextToken: $0) }
    tell("{\"trie_seconds\": \((clock.now - start) / .seconds(1))}")
    while let line = readLine() {
      let asked = try JSONDecoder().decode(Asked.self, from: Data(line.utf8))
      let encoder = JSONEncoder()
      let reply = try encoder.encode(asked.reply(trie, tokenizer))
      tell(String(decoding: reply, as: UTF8.self))
    }
  }

  private static func tell(_ line: String) {
    print(line)
    // Whoever asked waits for it.
    fflush(nil)
  }
}
