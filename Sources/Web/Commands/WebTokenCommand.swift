import ArgumentParser
import Diagnostics
import Spool

@preconcurrency import Glibc

/// `illava web token`: prints the token that clients of other machines need.
struct WebTokenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Print the token that clients need; make it if there is none.")
  @Flag(help: "Make another one: clients with the old one are not let in any more.")
  var new = false
  @Option(
    help: "The file with the token (default: ILLAVA_WEB_TOKEN, else below /var/lib/illava-web).")
  var tokenFile: String?

  func run() throws {
    do {
      let path = tokenFile ?? WebToken.usualPath(ProcessEnvironment.all)
      print(try WebToken.text(at: path, isNew: new))
    } catch {
      fputs("error: \(PlainText.lines("\(error)"))\n", stderr)
      throw ExitCode(error.kind.exitStatus)
    }
  }
}
