import Diagnostics
import FoundationEssentials
import Terminal

/// JSON for other programs, one object per line, members in `snake_case`.
enum JSONOutput {
  /// Prints an object.
  static func print(_ value: some Encodable) throws(Failure) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    do {
      TerminalOutput.write(
        PlainText.json(String(decoding: try encoder.encode(value), as: UTF8.self)) + "\n")
    } catch {
      throw Failure(.fault, code: .reportJSON, "the result cannot be written as JSON: \(error)")
    }
  }
}
