import Foundation

/// Rewrites a folder as Transformers 5 saves it: the settings of all processors in one file, and roles of
/// tokens under another name.
enum RecentFolder {
  static func convert(_ folder: EditedCheckpoint) throws {
    let files = FileManager.default
    let shared = folder.path + "/processor_config.json"
    if !files.fileExists(atPath: shared) { try Data("{}".utf8).write(to: URL(filePath: shared)) }
    for (name, part) in [
      ("preprocessor_config.json", "image_processor"),
      ("video_preprocessor_config.json", "video_processor"),
    ] {
      let url = URL(filePath: folder.path + "/" + name)
      guard let data = try? Data(contentsOf: url) else { continue }
      let values = try JSONSerialization.jsonObject(with: data)
      try folder.edit("processor_config.json") { $0[part] = values }
      try files.removeItem(at: url)
    }
    for name in ["vocab.json", "merges.txt", "added_tokens.json", "special_tokens_map.json"] {
      try? files.removeItem(atPath: folder.path + "/" + name)
    }
    try folder.edit("tokenizer_config.json") { values in
      values["model_specific_special_tokens"] = values["extra_special_tokens"]
      values["extra_special_tokens"] = ["<|im_start|>", "<|im_end|>"]
      for key in values.keys where key.contains("image_token") { values[key] = nil }
    }
  }
}
