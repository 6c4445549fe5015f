import Diagnostics
import FoundationEssentials

/// Messages as lines of one JSON object each, ended by a line feed.
public enum JSONLine {
  /// A message with its line feed; keys in alphabetical order.
  ///
  /// - Throws: `pipe.encoding` for numbers that JSON cannot hold.
  public static func encode(_ message: some Encodable) throws(Failure) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      let text = String(decoding: try encoder.encode(message), as: UTF8.self)
      return Array(PlainText.json(text).utf8) + [0x0A]
    } catch {
      throw Failure(.fault, code: .pipeEncoding, "a message cannot be written: \(error)")
    }
  }

  /// Reads a line.
  ///
  /// - Throws: `pipe.decoding` for a line that is not such a message.
  public static func decode<Message: Decodable>(
    _ type: Message.Type, _ line: some Sequence<UInt8>
  ) throws(Failure) -> Message {
    do {
      return try JSONDecoder().decode(type, from: Data(line))
    } catch {
      throw Failure(
        .fault, code: .pipeDecoding, "a line is not a message of the expected kind: \(error)",
        remedy: "Use a daemon, a worker and a command line of the same version.")
    }
  }
}
