import Diagnostics
import WorkerProtocol

/// JSON for other programs, one object per line.
enum JSONOutput {
  /// Prints an object.
  static func print(_ value: some Encodable) throws(Failure) {
    TerminalOutput.write(String(decoding: try JSONLine.encode(value), as: UTF8.self))
  }
}
