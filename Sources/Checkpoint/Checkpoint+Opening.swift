import Basics
import Diagnostics

// What opening a folder needs before the checkpoint's own members exist.
extension Checkpoint {
  static func parseIndex(
    _ text: [UInt8], _ folder: CheckpointFolder
  ) throws(Failure) -> ShardIndex {
    do throws(FormatProblem) {
      return try ShardIndex(text)
    } catch {
      throw Failure(
        .modelUnusable, code: error.code,
        "\(folder.path(of: indexName)): \(error.text)",
        remedy: "Download the file again: it is damaged.")
    }
  }

  /// Maps every shard once.
  static func openShards(
    _ index: ShardIndex, _ folder: CheckpointFolder
  ) throws(Failure) -> [Safetensors] {
    // All are looked for before the first is opened, so that the message can name every missing one.
    let missing = index.shards.filter { !folder.contains($0) }
    guard missing.isEmpty else {
      let shown = missing.prefix(5).map(\.quoted).joined(separator: ", ")
      throw Failure(
        .modelUnusable, code: .checkpointShardMissing,
        "\(folder.path(of: indexName)): \(missing.count) of \(index.shards.count) files are "
          + "missing: \(shown)\(missing.count > 5 ? ", …" : "")",
        remedy: "Run the download again: it is not complete.")
    }
    var files: [Safetensors] = []
    for shard in index.shards {
      files.append(try Safetensors(path: folder.path(of: shard)))
    }
    return files
  }

  /// Checks that each tensor is where the index says, and adds up their sizes.
  static func checkShards(
    _ index: ShardIndex, _ files: [Safetensors], _ folder: CheckpointFolder
  ) throws(Failure) -> Int {
    var total = 0
    for name in index.names {
      guard let position = index.shardOfName[name], let record = files[position].record(name)
      else {
        let shard = index.shardOfName[name].map { files[$0].path } ?? folder.path
        throw Failure(
          .modelUnusable, code: .checkpointTensorNotInShard,
          "\(shard): no tensor \(name.quoted), which \(indexName) says is there",
          remedy: "Download the folder again: its files are of different releases.")
      }
      // The files are all mapped at once, so the sum stays below the address space of 2^47 bytes.
      total += record.range.count
    }
    return total
  }

  static func noConfiguration(_ folder: CheckpointFolder) -> Failure {
    if let other = otherContents(folder) { return other }
    let names = folder.names
    let what = names.isEmpty ? "an empty folder" : "no config.json"
    var remedy = "Download the whole repository, not the weights alone."
    // The Hugging Face cache has one folder of a name for each version.
    if names.contains("snapshots"),
      let version = (try? CheckpointFolder(folder.path(of: "snapshots")))?.names.last
    {
      remedy = "Name the folder of a version: \(folder.path(of: "snapshots"))/\(version)."
    }
    return Failure(
      .modelUnusable, code: .checkpointConfigMissing, "\(folder.path): \(what)", remedy: remedy)
  }

  /// Why a folder that lacks files of a checkpoint is none, where its other files say so.
  private static func otherContents(_ folder: CheckpointFolder) -> Failure? {
    if folder.contains("adapter_config.json") {
      return Failure(
        .modelUnusable, code: .checkpointAdapter,
        "\(folder.path): an adapter (adapter_config.json), not a model",
        remedy:
          "Merge it into the model that it was trained on (merge_and_unload of PEFT), and name "
          + "the folder that save_pretrained writes.")
    }
    guard let file = folder.names.first(where: \.isGGUF) else { return nil }
    return gguf(folder.path(of: file))
  }

  static func gguf(_ path: String) -> Failure {
    Failure(
      .modelUnusable, code: .checkpointWeightsFormat,
      "\(path): in GGUF, and no file there is a language model in GGUF or safetensors",
      remedy: "Name the file of the language model, NAME.gguf, with its mmproj file beside it.")
  }

  static func noWeights(_ folder: CheckpointFolder) -> Failure {
    let others = [
      "pytorch_model.bin", "pytorch_model.bin.index.json", "tf_model.h5", "flax_model.msgpack",
    ]
    if let other = others.first(where: { folder.contains($0) }) {
      return Failure(
        .modelUnusable, code: .checkpointWeightsFormat,
        "\(folder.path): the weights are in \(other), but only safetensors is read",
        remedy: "Download the safetensors release, or convert it: save_pretrained writes one.")
    }
    if let other = otherContents(folder) { return other }
    let packed = PackedPrecision.allCases.map(\.fileName).first { folder.contains($0) }
    return Failure(
      .modelUnusable, code: .checkpointWeightsMissing,
      "\(folder.path): neither \(singleName) nor \(indexName)",
      remedy: packed.map {
        "Download the weights again: \($0) has packed matrices only, and is used beside them."
      } ?? "Download the whole repository, not the configuration alone.")
  }
}
