import ArgumentParser
import Basics
import CDaemonStart

/// The command line of the daemon and its workers.
public struct IllavadCommand: ParsableCommand {
  /// The command's name and subcommands.
  public static let configuration = CommandConfiguration(
    commandName: "illavad",
    abstract: "Answer questions about pictures and videos that are dropped into a folder.",
    version: ProgramVersion.text,
    subcommands: [ServeCommand.self, WorkerCommandLine.self], defaultSubcommand: ServeCommand.self)

  /// Blocks signals until the daemon can handle them, then runs.
  public static func main() {
    if CommandLine.arguments.dropFirst().first != WorkerCommandLine.word { daemon_start_hold() }
    main(nil)
  }

  /// The command with its options unset.
  public init() {}
}
