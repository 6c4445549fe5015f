import Checkpoint
import Foundation

/// A copy of a checkpoint of the fixtures that a test changes, removed with the last reference.
final class EditedCheckpoint {
  let path: String

  init(_ name: String) throws {
    path =
      FileManager.default.temporaryDirectory.appendingPathComponent(
        "illava-edited-\(UUID().uuidString)"
      ).path
    try FileManager.default.copyItem(atPath: Fixtures.path(name), toPath: path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Changes a JSON file of the folder.
  func edit(_ file: String, _ change: (inout [String: Any]) -> Void) throws {
    let url = URL(filePath: path + "/" + file)
    var values =
      try JSONSerialization.jsonObject(with: try Data(contentsOf: url)) as? [String: Any] ?? [:]
    change(&values)
    try JSONSerialization.data(withJSONObject: values).write(to: url)
  }

  /// Sets a key of a JSON file, with a dot between the names of an object and its member.
  ///
  /// - Parameter value: JSON.
  func set(_ key: String, _ value: String, in file: String = "config.json") throws {
    let new = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
    let parts = key.split(separator: ".").map(String.init)
    try edit(file) { values in
      if parts.count == 1 {
        values[key] = new
      } else {
        var part = values[parts[0]] as? [String: Any] ?? [:]
        part[parts[1]] = new
        values[parts[0]] = part
      }
    }
  }

  /// A tensor to be written.
  struct Tensor {
    var name: String
    var dtype: String
    var shape: [Int]
    var bytes: [UInt8]

    /// The numbers of a bf16 tensor.
    var numbers: [Float] {
      stride(from: 0, to: bytes.count, by: 2).map {
        Float(bitPattern: UInt32(bytes[$0]) << 16 | UInt32(bytes[$0 + 1]) << 24)
      }
    }
  }

  /// Writes all tensors anew into one file, as `change` gives them.
  func rewrite(_ change: (Tensor) throws -> [Tensor]) throws {
    let checkpoint = try Checkpoint(folder: path)
    var writer = SafetensorsWriter()
    for name in checkpoint.names.sorted() {
      guard let entry = checkpoint.tensor(name) else { continue }
      let tensor = Tensor(
        name: name, dtype: entry.dtype, shape: entry.shape, bytes: Array(entry.bytes))
      for new in try change(tensor) {
        try writer.add(new.name, dtype: new.dtype, shape: new.shape, bytes: new.bytes)
      }
    }
    try writer.write(to: path + "/all.safetensors")
    for file in try FileManager.default.contentsOfDirectory(atPath: path)
    where file.hasPrefix("model") { try FileManager.default.removeItem(atPath: path + "/" + file) }
    try FileManager.default.moveItem(
      atPath: path + "/all.safetensors", toPath: path + "/model.safetensors")
  }
}
