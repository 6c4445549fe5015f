import Basics
import Diagnostics
import FoundationEssentials
import Grammar
import Tokenizer

@preconcurrency import Glibc

/// Says which tokens forms of answers allow, for comparison with other implementations.
///
/// The first argument is a folder with a tokenizer. The second is a file with one byte for each id, its
/// kind; digests are told for each kind. Without it there is one kind. Each line of standard input is one form, as JSON:
///
/// - `schema` or `regex`: the form as text; with `open`, other members of objects are allowed.
/// - `texts`: lists of token ids. For each, a digest of every set of allowed tokens is told until a token
///   is not allowed; `ids` tells the set after the whole text.
/// - `values`: texts, for each of which is told whether it has the form.
@main
struct MasksProgram {
  static func main() throws {
    guard (2...3).contains(CommandLine.arguments.count) else {
      throw Failure(
        .usage, code: .optionValue, "there is no folder of a tokenizer",
        remedy: "Give a folder, and a file of kinds if there are any.")
    }
    let tokenizer = try Tokenizer(folder: CommandLine.arguments[1])
    let kinds: [UInt8] =
      CommandLine.arguments.count == 3
      ? Array(try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[2]))) : []
    let clock = ContinuousClock()
    let start = clock.now
    let trie = TokenTrie(idBound: tokenizer.idBound) { tokenizer.bytes(ofTextToken: $0) }
    tell("{\"trie_seconds\": \((clock.now - start) / .seconds(1))}")
    while let line = readLine() {
      let asked = try JSONDecoder().decode(Asked.self, from: Data(line.utf8))
      let encoder = JSONEncoder()
      let reply = try encoder.encode(asked.reply(trie, tokenizer, kinds: kinds))
      tell(String(decoding: reply, as: UTF8.self))
    }
  }

  private static func tell(_ line: String) {
    print(line)
    // Whoever asked waits for it.
    fflush(nil)
  }
}
