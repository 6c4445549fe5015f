import ArgumentParser
import Diagnostics
import Spool
import Terminal
import WorkerProtocol

/// `illava config`: checks or shows the daemon's configuration.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Look at the daemon's configuration.",
    subcommands: [ConfigCheckCommand.self])
}

/// `illava config check`: checks whether a configuration is valid.
struct ConfigCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Say what is wrong with a configuration, if anything.")
  @Argument(help: "The file (default: ILLAVA_CONFIG, else /etc/illava/illavad.toml).")
  var file: String?
  @Flag(help: "Print one JSON object. Members may be added: ignore those you do not know.")
  var json = false

  /// The result, for programs.
  private struct Finding: Encodable {
    /// The file, or `nil` where there is none and the defaults are used.
    let file: String?
    let isRight: Bool
    var note: String?
    var error: ErrorReport?
  }

  func run() throws {
    try exiting {
      do throws(Failure) {
        let place = try SpoolPlace(
          spool: nil, configuration: file, environment: ProcessEnvironment.all)
        let settings = try place.settings()
        var finding = Finding(file: place.configuration, isRight: true)
        if place.configuration != nil, settings.model.isEmpty {
          finding.note = "it names no model; illavad needs --model then"
        }
        try print(finding)
      } catch {
        guard json else { throw error }
        try JSONOutput.print(Finding(file: file, isRight: false, error: ErrorReport(error)))
        throw ExitCode(error.kind.exitStatus)
      }
    }
  }

  private func print(_ finding: Finding) throws(Failure) {
    if json { return try JSONOutput.print(finding) }
    guard let file = finding.file else {
      TerminalOutput.write(
        "there is no \(SpoolPlace.defaultConfiguration): the defaults are used\n")
      return
    }
    TerminalOutput.write("\(PlainText.line(file)) is right\n")
    if let note = finding.note { TerminalOutput.write("note: \(note)\n") }
  }
}
