import Commands

/// The command line.
@main
enum Program {
  static func main() { IllavaCommand.main() }
}
