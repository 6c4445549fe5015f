import ArgumentParser
import JobCommands

/// The command line: questions without a daemon, and jobs for a daemon.
public struct IllavaCommand: ParsableCommand {
  /// The command's name and subcommands.
  public static let configuration = CommandConfiguration(
    commandName: "illava",
    abstract: "Ask a vision-language model about pictures and videos, on the CPU.",
    version: JobProgram.version,
    subcommands: [
      RunCommand.self, PlanCommand.self, ModelCommand.self, EvalCommand.self, BenchCommand.self,
      PackCommand.self, TokenizeCommand.self, RandomModelCommand.self,
    ],
    groupedSubcommands: [
      CommandGroup(name: "Jobs of a daemon", subcommands: JobProgram.commands)
    ])

  /// The command with its options unset.
  public init() {}

  /// Parses the process's arguments and runs the command.
  public static func main() { main(nil) }
}
