import ArgumentParser
import JobCommands

@preconcurrency import Glibc

/// The installed `illava`: runs the commands about jobs itself, and starts the whole program for all
/// others.
///
/// Media libraries take longer to load than `illava status` takes to answer, and jobs do not need them.
@main
enum FrontCommand {
  static func main() {
    if let word = CommandLine.arguments.dropFirst().first, JobProgram.has(word) {
      return JobsCommand.main()
    }
    runWhole()
  }

  /// Replaces this process by the whole program.
  private static func runWhole() -> Never {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let own = String(
      decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    let folder = own.lastIndex(of: "/").map { String(own[..<$0]) } ?? "."
    // The path of an installation, or beside this program in a build folder.
    let installed = folder + "/../libexec/illava/illava"
    let whole = access(installed, X_OK) == 0 ? installed : folder + "/illava"
    var words: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) } + [nil]
    if whole != own { execv(whole, &words) }
    let reason = String(cString: strerror(errno))
    fputs("error: \(whole) cannot be run: \(reason)\n  Install illava again.\n", stderr)
    exit(70)
  }
}

/// The commands about jobs, under the name of the whole program.
struct JobsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "illava", abstract: "The jobs of a daemon.", version: JobProgram.version,
    subcommands: JobProgram.commands)
}
