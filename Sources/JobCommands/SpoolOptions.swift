import ArgumentParser
import Diagnostics
import Spool

/// The options for the spool and the output format.
struct SpoolOptions: ParsableArguments {
  @Option(help: "The folder of the spool (default: ILLAVA_SPOOL, else /var/lib/illava).")
  var spool: String?
  @Flag(
    help: "Print one JSON object per line. Members may be added: ignore those you do not know.")
  var json = false

  /// The location of the spool.
  func place() throws(Failure) -> SpoolPlace {
    try SpoolPlace(spool: spool, configuration: nil, environment: ProcessEnvironment.all)
  }

  /// The spool.
  func client() throws(Failure) -> SpoolClient { SpoolClient(root: try place().root) }
}
