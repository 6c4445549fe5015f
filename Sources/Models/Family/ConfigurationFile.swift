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
        .modelUnusable, code: .modelConfig, "\(file): \(describe(error))",
        remedy: "Use the file that came with the weights.")
    }
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
      return context.codingPath.isEmpty
        ? "not valid JSON" : "“\(path(context.codingPath))” has an unusable value"
    @unknown default: return "not the JSON that was expected"
    }
  }
}
