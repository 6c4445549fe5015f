import ArgumentParser
import Spool
import Worker

/// Runs a worker, as the daemon starts it.
struct WorkerCommandLine: ParsableCommand {
  /// The first argument of a worker.
  static let word = "worker"
  static let configuration = CommandConfiguration(
    commandName: word, abstract: "Answer jobs that come over a pipe.", shouldDisplay: false)

  @Argument(help: "The folder of the model.")
  var model: String

  func run() throws {
    WorkerMain.run(descriptor: ProcessLauncher.workerDescriptor, model: model)
  }
}
