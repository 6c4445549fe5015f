import Basics
import Diagnostics

/// The index of a split checkpoint: the file of each tensor.
struct ShardIndex {
  /// The tensors' names in the order of the list.
  let names: [String]
  /// The shards' file names in the order of their first mention.
  let shards: [String]
  /// For each tensor the position of its file in `shards`.
  let shardOfName: [String: Int]

  /// The most tensors of a checkpoint: several times as many as the largest ones have.
  static let countLimit = 400_000

  /// Parses `model.safetensors.index.json`.
  init(_ text: [UInt8]) throws(FormatProblem) {
    var names: [String] = []
    var shards: [String] = []
    var shardOfName: [String: Int] = [:]
    var positions: [String: Int] = [:]
    var mapSeen = false
    var scanner = try JSONScanner(text, codes: .index)
    try scanner.members { (scanner, key) throws(FormatProblem) in
      guard key.elementsEqual("weight_map".utf8) else { return try scanner.skip() }
      guard !mapSeen else {
        throw FormatProblem(.checkpointIndexDuplicate, "'weight_map' is listed twice")
      }
      mapSeen = true
      try scanner.members { (scanner, name) throws(FormatProblem) in
        let name = String(decoding: name, as: UTF8.self)
        let shard = try scanner.string()
        guard shard.isPlainFileName else {
          throw FormatProblem(
            .checkpointShardName,
            "tensor \(name.quoted) is said to be in \(shard.quoted), which is not the name of a "
              + "file in the folder")
        }
        let position = positions[shard] ?? shards.count
        guard shardOfName.updateValue(position, forKey: name) == nil else {
          throw FormatProblem(.checkpointIndexDuplicate, "tensor \(name.quoted) is listed twice")
        }
        guard names.count < Self.countLimit else {
          throw FormatProblem(.checkpointIndexTooLarge, "more than \(Self.countLimit) tensors")
        }
        names.append(name)
        if position == shards.count {
          positions[shard] = position
          shards.append(shard)
        }
      }
    }
    try scanner.end()
    guard !names.isEmpty else {
      throw FormatProblem(.checkpointIndexEmpty, "no 'weight_map' that lists tensors")
    }
    self.names = names
    self.shards = shards
    self.shardOfName = shardOfName
  }
}

extension String {
  /// Whether this is the name of a file in llama.cpp's format.
  var isGGUF: Bool { lowercased().hasSuffix(".gguf") }

  /// Whether this is the name of a file in a folder and cannot lead outside.
  var isPlainFileName: Bool {
    // 255 bytes is the longest name a Linux file system takes.
    !isEmpty && self != "." && self != ".." && utf8.count <= 255
      && !utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
  }
}
