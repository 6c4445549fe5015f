import ArgumentParser

/// The command line: one question, or a look at how fast and how large it would be.
@main
struct IllavaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "illava",
    abstract: "Ask a vision-language model about pictures and films, on the CPU.",
    version: "0.1.0",
    subcommands: [RunCommand.self, TokenizeCommand.self, BenchCommand.self])
}
