import Basics
import Diagnostics

/// The `post_processor` of a `tokenizer.json`, which may put tokens before every prompt.
enum TokenizerTemplate {
  /// The ids before a prompt.
  ///
  /// - Throws: `tokenizer.unsupported` for tokens after it, `tokenizer.file-damaged`.
  static func beginning(_ value: JSONValue?, _ file: String) throws(Failure) -> [Int32] {
    guard let value else { return [] }
    let steps = value["type"]?.string == "Sequence" ? value["processors"]?.elements ?? [] : [value]
    var ids: [Int32] = []
    for step in steps where step["type"]?.string == "TemplateProcessing" {
      var isBefore = true
      for part in step["single"]?.elements ?? [] {
        guard let name = part["SpecialToken"]?["id"]?.string else {
          isBefore = false
          continue
        }
        try FileComplaint.require(
          isBefore, file, "“post_processor”", "one that adds nothing after a text")
        guard let tokens = step["special_tokens"]?[name]?["ids"]?.elements else {
          throw FileComplaint.damaged(file, "the ids of “\(name)” in “post_processor”")
        }
        for token in tokens {
          guard case .integer(let id) = token, 0..<TokenTable.idLimit ~= id else {
            throw FileComplaint.damaged(file, "whole numbers as ids in “post_processor”")
          }
          ids.append(Int32(id))
        }
      }
    }
    return ids
  }
}
