import Diagnostics
import Engine
import Foundation
import Models

@testable import Evaluation

/// The small checkpoints and images of the engine's tests, relative to this file.
enum Fixtures {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("EngineTests/Fixtures").path

  static func path(_ name: String) -> String { folder + "/" + name }

  static func session(_ checkpoint: String = "tiny-late") throws -> Session {
    try Session(
      modelFolder: path(checkpoint), options: ModelOptions(weights: .f32), threads: 2)
  }
}

/// A temporary folder for a test, removed with this object.
final class TemporaryFolder {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("illava-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and gives its path.
  func write(_ text: String, to name: String) throws -> String {
    let file = path + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }
}

extension DataSet {
  /// The questions of undamaged rows.
  var items: [EvaluationItem] { rows.compactMap { try? $0.item.get() } }
  /// The errors of damaged rows.
  var damage: [String] {
    rows.compactMap { row in
      guard case .failure(let failure) = row.item else { return nil }
      return failure.message
    }
  }
}
