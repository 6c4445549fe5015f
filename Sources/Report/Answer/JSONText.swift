import Diagnostics
import FoundationEssentials

/// The JSON format of all documents: keys are sorted, so that two runs can be compared line by line.
public enum JSONText {
  /// Encodes a value as indented text.
  ///
  /// - Throws: `report.json` for numbers JSON cannot hold.
  public static func encode(_ value: some Encodable) throws(Failure) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return PlainText.json(String(decoding: try encoder.encode(value), as: UTF8.self))
    } catch {
      throw Failure(.fault, code: .reportJSON, "the result cannot be written as JSON: \(error)")
    }
  }
}
