import ArgumentParser

/// The command line: questions without a daemon, and the jobs of one.
@main
struct IllavaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "illava",
    abstract: "Ask a vision-language model about pictures and films, on the CPU.",
    version: "0.1.0",
    subcommands: [
      RunCommand.self, PlanCommand.self, EvalCommand.self, BenchCommand.self,
      PackCommand.self, TokenizeCommand.self, RandomModelCommand.self,
    ],
    groupedSubcommands: [
      CommandGroup(
        name: "Jobs of a daemon",
        subcommands: [
          SubmitCommand.self, StatusCommand.self, ListCommand.self, ShowCommand.self,
          LogCommand.self, WaitCommand.self, RetryCommand.self, CancelCommand.self,
          HoldCommand.self, ReleaseCommand.self, PauseCommand.self, ResumeCommand.self,
          CleanCommand.self, ConfigCommand.self, DoctorCommand.self,
        ])
    ])
}
