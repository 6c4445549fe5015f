import ArgumentParser

@main
struct Illava: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "illava", subcommands: [TokenizeCommand.self])
}
