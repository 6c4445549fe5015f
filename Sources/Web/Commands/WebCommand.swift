import ArgumentParser
import Basics

/// `illava web`: the page and the interfaces over HTTP.
public struct WebCommand: AsyncParsableCommand {
  /// The command's name and subcommands.
  public static let configuration = CommandConfiguration(
    commandName: "web",
    abstract: "Serve the page, and the interfaces of OpenAI and Ollama, for a spool.",
    version: ProgramVersion.text,
    subcommands: [WebServeCommand.self, WebTokenCommand.self],
    defaultSubcommand: WebServeCommand.self)

  /// The command with its options unset.
  public init() {}
}
