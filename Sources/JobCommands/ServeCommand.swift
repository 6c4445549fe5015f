import ArgumentParser
import Diagnostics
import Spool

@preconcurrency import Glibc

/// `illava serve`: the daemon and the page, for people without systemd.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Run the daemon and the page in the foreground.",
    discussion: "Control-C stops both; what waits is answered after the next start.")
  @Option(help: "The model: a folder with config.json.")
  var model: String
  @Option(help: "The folder of the spool (default: ILLAVA_SPOOL, else /var/lib/illava).")
  var spool: String?
  @Option(help: "Where the page listens: HOST:PORT. Beyond this machine it asks for the token.")
  var listen = "127.0.0.1:7862"

  func run() throws {
    try exiting {
      let place = try SpoolPlace(
        spool: spool, configuration: nil, environment: ProcessEnvironment.all)
      var signals = sigset_t()
      sigemptyset(&signals)
      for number in [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGCHLD] { sigaddset(&signals, number) }
      // From here on they are only looked at below.
      sigprocmask(SIG_BLOCK, &signals, nil)
      let daemon = try OwnPrograms.start("illavad", ["--spool", place.root, "--model", model])
      var running: Set<pid_t> = [daemon]
      do throws(Failure) {
        running.insert(
          try OwnPrograms.start("illava-web", ["--spool", place.root, "--listen", listen]))
      } catch {
        kill(daemon, SIGTERM)
        throw error
      }
      let status = Self.wait(&running, signals)
      if status != 0 { throw ExitCode(status) }
    }
  }

  /// Waits until both programs have ended; the end of one, or a signal, ends the other.
  ///
  /// - Returns: the exit status of the first that ended by itself, and 0 after a signal.
  private static func wait(_ running: inout Set<pid_t>, _ signals: sigset_t) -> Int32 {
    var signals = signals
    var result: Int32?
    while !running.isEmpty {
      var number: Int32 = 0
      sigwait(&signals, &number)
      if number != SIGCHLD {
        result = result ?? 0
        for process in running { kill(process, SIGTERM) }
      }
      var status: Int32 = 0
      while true {
        let ended = waitpid(-1, &status, WNOHANG)
        guard ended > 0 else { break }
        running.remove(ended)
        // The status is in the second byte; a signal in the first.
        result = result ?? (status & 0x7F == 0 ? status >> 8 & 0xFF : 70)
        for process in running { kill(process, SIGTERM) }
      }
    }
    return result ?? 0
  }
}
