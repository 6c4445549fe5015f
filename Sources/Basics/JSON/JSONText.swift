import Diagnostics
import FoundationEssentials

/// The JSON format of all documents: keys are sorted, so that two runs can be compared line by line.
public enum JSONText {
  /// A JSON text without the white space between its parts: the same document on one line.
  public static func line(_ text: some Sequence<UInt8>) -> String {
    var result: [UInt8] = []
    var isInText = false
    var isEscaped = false
    for byte in text {
      if isInText {
        result.append(byte)
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInText = false
        }
        continue
      }
      if byte <= 0x20 { continue }
      isInText = byte == UInt8(ascii: "\"")
      result.append(byte)
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Encodes a value.
  ///
  /// - Parameter isIndented: whether each member has a line of its own; otherwise there is one line.
  /// - Throws: `report.json` for numbers JSON cannot hold.
  public static func encode(
    _ value: some Encodable, isIndented: Bool = true
  ) throws(Failure) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if isIndented { encoder.outputFormatting.insert(.prettyPrinted) }
    do {
      return PlainText.json(String(decoding: try encoder.encode(value), as: UTF8.self))
    } catch {
      throw Failure(.fault, code: .reportJSON, "the result cannot be written as JSON: \(error)")
    }
  }
}
