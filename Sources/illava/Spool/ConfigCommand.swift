import ArgumentParser
import Diagnostics
import Spool

/// `illava config`: the daemon's configuration.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Look at the daemon's configuration.",
    subcommands: [ConfigCheckCommand.self])
}

/// `illava config check`: whether a configuration can be used.
struct ConfigCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Say what is wrong with a configuration, if anything.")
  @Argument(help: "The file (default: ILLAVA_CONFIG, else /etc/illava/illavad.toml).")
  var file: String?

  func run() throws {
    try exiting {
      let place = try SpoolPlace(
        spool: nil, configuration: file, environment: ProcessEnvironment.all)
      let settings = try place.settings()
      guard let configuration = place.configuration else {
        TerminalOutput.write(
          "there is no \(SpoolPlace.defaultConfiguration): the defaults are used\n")
        return
      }
      TerminalOutput.write("\(configuration) is right\n")
      if settings.model.isEmpty {
        TerminalOutput.write("note: it names no model; illavad needs --model then\n")
      }
    }
  }
}
