import Basics
import Diagnostics
import FoundationEssentials

/// Decodes the JSON files of a model folder with errors that name the file and the key.
package enum ConfigurationFile {
  /// - Throws: `model.config`.
  package static func decode<Value: Decodable>(
    _ type: Value.Type, _ data: Data, file: String
  ) throws(Failure) -> Value {
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      throw Failure(
        .modelUnusable, code: .modelConfig,
        "\(file): \(isWhole(error) ? describe(type, data) : describe(error))",
        remedy: "Use the file that came with the weights.")
    }
  }

  /// Whether an error is about the whole document.
  private static func isWhole(_ error: any Error) -> Bool {
    guard case .dataCorrupted(let context) = error as? DecodingError else { return false }
    return context.codingPath.isEmpty
  }

  /// What is wrong with a document that the decoder calls invalid as a whole.
  private static func describe<Value: Decodable>(_ type: Value.Type, _ data: Data) -> String {
    guard let value = try? JSONValue.read(Array(data), code: .modelConfig) else {
      return "not valid JSON"
    }
    var misfit = MisfitNumber { other in
      do {
        _ = try JSONDecoder().decode(type, from: try JSONEncoder().encode(other))
        return true
      } catch { return error is DecodingError && !isWhole(error) }
    }
    guard let path = misfit.path(in: value) else { return "several numbers do not fit their keys" }
    return "“\(path)” has a number that does not fit"
  }

  private static func describe(_ error: any Error) -> String {
    func path(_ keys: [any CodingKey]) -> String {
      keys.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
    guard let error = error as? DecodingError else { return "\(error)" }
    switch error {
    case .keyNotFound(let key, let context): return "no “\(path(context.codingPath + [key]))”"
    case .valueNotFound(_, let context): return "“\(path(context.codingPath))” is null"
    case .typeMismatch(let type, let context):
      return "“\(path(context.codingPath))” is not of the type \(type)"
    case .dataCorrupted(let context):
      return "“\(path(context.codingPath))” has an unusable value"
    @unknown default: return "not the JSON that was expected"
    }
  }
}
