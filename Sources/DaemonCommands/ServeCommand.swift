import ArgumentParser
import Diagnostics
import Report
import Spool
import WorkerProtocol

@preconcurrency import Glibc

/// Runs the daemon in the foreground.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Watch a spool in the foreground (this is what illavad does by default).",
    discussion: """
      SIGTERM, SIGINT and SIGQUIT stop it when the running job has ended or its time is up; SIGHUP \
      has it read the configuration again.
      """)

  @OptionGroup var place: SpoolPlaceOptions

  @Option(help: "The model, instead of the configuration's: a folder with config.json.")
  var model: String?

  func run() throws {
    do {
      try serve()
    } catch {
      fputs("error: \(PlainText.lines("\(error)"))\n", stderr)
      throw ExitCode(error.kind.exitStatus)
    }
  }

  private func serve() throws(Failure) {
    let environment = ProcessEnvironment.all
    let place = try SpoolPlace(
      spool: place.spool, configuration: place.config, environment: environment)
    var setup = Daemon.Setup(root: place.root, environment: environment) { () throws(Failure) in
      var settings = try place.settings()
      if let model { settings.model = model }
      guard !settings.model.isEmpty else {
        throw Failure(
          .usage, code: .configModel, "there is no model to answer with",
          remedy: "Set path in [model] of the configuration, or give --model.")
      }
      return settings
    }
    let modelPath = model
    setup.failurePage = { job, error in
      FailurePage(
        error.failure, stage: error.stage, prompts: job.claim.prompts,
        files: job.claim.media.map(\.name),
        model: modelPath ?? (try? place.settings().model) ?? "",
        again: "illava retry \(job.id)"
      ).html
    }
    try Daemon(setup).run()
  }
}

/// The options for the location of the spool and its configuration.
struct SpoolPlaceOptions: ParsableArguments {
  @Option(
    help: "The folder of the spool (default: ILLAVA_SPOOL, else /var/lib/illava).")
  var spool: String?
  @Option(help: "The configuration (default: /etc/illava/illavad.toml, if it is there).")
  var config: String?
}
