import Foundation
import Testing
import Tokenizer

/// The small vocabulary in both of its forms, and the reference library's results for it.
enum Fixtures {
  struct Reference: Decodable {
    struct Row: Decodable {
      let text: String
      let ids: [Int32]
    }
    let encoded: [Row]
    let decoded: [Row]
  }

  static let folder = Bundle.module.bundleURL.appending(path: "Fixtures")
  static let json = folder.appending(path: "json").path(percentEncoded: false)
  static let merges = folder.appending(path: "merges").path(percentEncoded: false)

  static func reference(_ file: String = "reference.json") throws -> Reference {
    let data = try Data(contentsOf: folder.appending(path: file))
    return try JSONDecoder().decode(Reference.self, from: data)
  }

  /// The bytes of a fixture's file.
  static func bytes(_ file: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: file)))
  }

  /// The text of a fixture's file.
  static func text(_ file: String) throws -> String {
    String(decoding: try bytes(file), as: UTF8.self)
  }

  /// Loads a tokenizer from a folder that exists for this call only.
  static func load(_ files: [String: [UInt8]]) throws -> Tokenizer {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "tokenizer-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, bytes) in files { try Data(bytes).write(to: folder.appending(path: name)) }
    return try Tokenizer(folder: folder.path(percentEncoded: false))
  }

  /// The files without `tokenizer.json`.
  static func mergesFiles() throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in ["vocab.json", "merges.txt", "added_tokens.json", "tokenizer_config.json"] {
      files[name] = try bytes("merges/\(name)")
    }
    return files
  }
}
