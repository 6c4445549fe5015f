import Engine
import Foundation
import Media
import Models
import Options
import Skeleton

/// A folder with a skeleton of random weights, and files to ask about.
enum SkeletonFolder {
  /// Registers the family, which takes this one line.
  static let isRegistered: Void = ModelRegistry.register(SkeletonFamily.family)

  /// The fixtures of EngineTests.
  static let fixtures = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("EngineTests/Fixtures").path

  /// The model's folder, made once.
  static let made = Result {
    isRegistered
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "illava-skeleton-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for name in ["tokenizer.json", "tokenizer_config.json", "generation_config.json"] {
      try FileManager.default.copyItem(
        atPath: "\(fixtures)/tiny-late/\(name)", toPath: "\(folder.path)/\(name)")
    }
    let configuration = Data(SkeletonFamily.configuration.utf8)
    try configuration.write(to: folder.appendingPathComponent("config.json"))
    try ModelRegistry.writeRandom(
      configuration, file: "config.json", to: "\(folder.path)/model.safetensors")
    return folder.path
  }

  static func session(_ weights: WeightPrecision = .f32) throws -> Session {
    try Session(
      modelFolder: try made.get(), options: ModelOptions(weights: weights), threads: 2)
  }

  static func path(_ name: String) -> String { "\(fixtures)/media/\(name)" }

  /// A question about an image of three tiles and a thumbnail, one of a single tile, and a video.
  static func request(_ names: [String] = ["picture1.png", "picture0.png", "clip.mp4"]) -> Request {
    var request = Request(prompt: "What is shown?")
    request.media = names.map { MediaItem(path: path($0)) }
    request.maxNewTokens = 6
    request.stops = false
    request.keepsVisuals = true
    return request
  }
}
