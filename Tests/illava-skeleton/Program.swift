import Commands
import DaemonCommands
import Models
import Skeleton

/// The program and the daemon with one more family: for tests only.
@main
enum Program {
  static func main() {
    ModelRegistry.register(SkeletonFamily.family)
    switch CommandLine.arguments.dropFirst().first {
    case "serve", "worker": IllavadCommand.main()
    default: IllavaCommand.main()
    }
  }
}
