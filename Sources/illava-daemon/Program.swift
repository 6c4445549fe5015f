import DaemonCommands

/// The daemon and, in a child process, its worker.
@main
enum Program {
  static func main() { IllavadCommand.main() }
}
