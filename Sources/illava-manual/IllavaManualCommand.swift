import FoundationEssentials
import Manual

@preconcurrency import Glibc

/// Writes the manual pages of a program, which describes itself on standard input.
///
/// usage: PROGRAM --experimental-dump-help | illava-manual SECTION FOLDER [MORE]
///   MORE  a file of roff for the program's own page
@main
enum IllavaManualCommand {
  static func main() {
    let words = CommandLine.arguments
    guard 3...4 ~= words.count, let section = Int(words[1]) else {
      fputs(
        "usage: PROGRAM --experimental-dump-help | illava-manual SECTION FOLDER [MORE]\n", stderr)
      exit(64)
    }
    do {
      let dump = try JSONDecoder().decode(CommandDescription.Dump.self, from: standardInput())
      let more =
        words.count > 3
        ? String(decoding: try Data(contentsOf: URL(filePath: words[3])), as: UTF8.self) : ""
      for page in ManualPage.pages(of: dump.command, section: section, more: more) {
        try Data(page.text.utf8).write(to: URL(filePath: words[2] + "/" + page.fileName))
      }
    } catch {
      fputs("illava-manual: \(error)\n", stderr)
      exit(65)
    }
  }

  private static func standardInput() -> Data {
    var data = Data()
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(STDIN_FILENO, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return data }
      data.append(contentsOf: piece.prefix(count))
    }
  }
}
