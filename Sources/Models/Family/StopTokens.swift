import Checkpoint
import Diagnostics
import FoundationEssentials

/// The ids that end an answer.
enum StopTokens {
  /// `eos_token_id` of a JSON file: a number or a list; empty where there is none.
  struct File: Decodable {
    let ids: Set<Int32>

    private enum CodingKeys: String, CodingKey {
      case ids = "eos_token_id"
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      if let one = try? values.decode(Int32.self, forKey: .ids) {
        ids = [one]
      } else {
        ids = Set(try values.decodeIfPresent([Int32].self, forKey: .ids) ?? [])
      }
    }
  }

  /// `eos_token_id` of `generation_config.json`: a number or a list; none where there is no file.
  ///
  /// - Throws: `model.config`.
  static func read(_ checkpoint: Checkpoint) throws(Failure) -> Set<Int32> {
    let name = "generation_config.json"
    guard let data = try checkpoint.json(name) else { return [] }
    let path = checkpoint.folderPath + "/" + name
    return try ConfigurationFile.decode(File.self, data, file: path).ids
  }
}
