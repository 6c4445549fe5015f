import Answers
import Checkpoint
import Diagnostics
import Engine
import Foundation
import Merging
import Models
import Options

/// The reference results that come with the tests.
enum Fixtures {
  static let folder = Bundle.module.resourceURL?.appendingPathComponent("Fixtures").path ?? ""

  /// A job whose attempt has begun.
  static let origin = AnswerOrigin(
    job: AnswerDocument.Job(
      id: "01900000-0000-7000-8000-000000000000", name: "gate.png", state: "running", attempt: 1,
      taken: "2026-11-27T14:03:22.120Z", begun: "2026-11-27T14:03:22.120Z"),
    host: "box")

  static func path(_ name: String) -> String { folder + "/" + name }

  static func session(
    _ checkpoint: String, weights: WeightPrecision = .f32
  ) throws -> Session {
    try Session(
      modelFolder: path(checkpoint), options: ModelOptions(weights: weights), threads: 2)
  }
}

/// One line of `cases.json`.
struct GoldenCase: Decodable, Sendable, CustomStringConvertible {
  let `case`: String
  let checkpoint: String
  let kind: String
  let prompt: String
  let profile: String
  let mode: Int?
  let llm_layers: [Int]
  let vit_layers: [Int]
  let overrides: Overrides
  let media: [String]
  let top_logit_margin: Double
  /// The family, whose folder has cases, checkpoints and media; those of Qwen3-VL have none of their own.
  let family: String
  /// Frames a second that a video is sampled at.
  let fps: Double?
  /// The number of frames of a video that are looked at.
  let frames: Int?

  /// Whether the model thinks, where that is not left to its template.
  let enable_thinking: Bool?
  /// Whether there are markers around all of a video's frames.
  let outer_markers: Bool?

  struct Overrides: Decodable, Sendable {
    let vit_retention: Double?
    let llm_retention: Double?
    let enable_vit: Bool?
    let enable_llm: Bool?
  }

  var description: String { folder + `case` }

  /// Whether the image is resized so that pixels and all results differ slightly from the reference's.
  /// Tiles of InternVL are the same to the last bit.
  var isResized: Bool { kind == "resized" && family != "internvl" }

  /// Patches along the side of a visual token.
  var mergeSize: Int { family == "llava-onevision" ? 1 : 2 }

  /// The cases of every family.
  static let all = ["", "qwen2.5-vl/", "qwen2-vl/", "internvl/", "llava-onevision/", "qwen3.5/"]
    .flatMap(cases)

  private static func cases(_ folder: String) -> [GoldenCase] {
    guard let data = FileManager.default.contents(atPath: Fixtures.path(folder + "cases.json"))
    else { return [] }
    return (try? JSONDecoder().decode([GoldenCase].self, from: data)) ?? []
  }

  private var folder: String { family == "qwen3-vl" ? "" : family + "/" }

  /// Qwen3.5 is shown the same media as Qwen3-VL.
  private var mediaFolder: String { family == "qwen3.5" ? "" : folder }

  /// The checkpoint, within the fixtures.
  var model: String { folder + checkpoint }

  /// The reference's results.
  func tensors() throws -> ReferenceTensors {
    try ReferenceTensors(
      Fixtures.path((folder.isEmpty ? "cases/" : folder) + self.case + ".safetensors"))
  }

  static func named(_ name: String) throws -> GoldenCase {
    guard let found = all.first(where: { $0.description == name }) else {
      throw Failure(.missingInput, code: FailureCode(rawValue: "test.case"), "no case \(name)")
    }
    return found
  }

  /// The question of the case, with greedy decoding that continues past stop tokens.
  func request() throws -> Request {
    var request = Request(prompt: prompt)
    request.media = media.map { MediaItem(path: Fixtures.path(mediaFolder + $0)) }
    request.choices.thinking = enable_thinking.map { $0 ? .on : .off } ?? .auto
    request.choices.videoMarkers = outer_markers == true ? .outer : .inner
    request.framesPerSecond = fps
    request.frames = frames
    request.maxNewTokens = 12
    request.stops = false
    var merging = MergeParameters(profile: MergeProfile(rawValue: profile) ?? .off)
    if merging.profile != .off {
      merging.visionLayers = try LayerList(vit_layers)
      merging.textLayers = try LayerList(llm_layers)
      merging.visionMode = mode.flatMap { MergeMode(rawValue: $0) } ?? .recycle
      merging.textMode = merging.visionMode
      merging.visionEnabled = overrides.enable_vit ?? true
      merging.textEnabled = overrides.enable_llm ?? true
      if let share = overrides.vit_retention { merging.visionRetention = try Retention(share) }
      if let share = overrides.llm_retention { merging.textRetention = try Retention(share) }
    }
    request.merging = merging
    return request
  }
}

/// A file of reference tensors.
struct ReferenceTensors {
  private let file: Safetensors

  init(_ path: String) throws { file = try Safetensors(path: path) }

  var names: [String] { file.names }

  /// The extents of a tensor.
  func shape(_ name: String) -> [Int] { file.tensor(name)?.shape ?? [] }

  /// Pixels of patches, `[patches, 3 · side · side]`. Images, `[…, 3, height, width]`, are cut into whole
  /// patches of 14 pixels, in groups of `mergeSize` × `mergeSize`.
  func pixels(_ name: String, mergeSize: Int) -> [Float]? {
    let shape = shape(name)
    guard let values = floats(name), shape.count >= 4 else { return floats(name) }
    let (height, width, patch) = (shape[shape.count - 2], shape[shape.count - 1], 14)
    let grid = PatchGrid(height: height / patch, width: width / patch, mergeSize: mergeSize)
    var cut: [Float] = []
    for image in 0..<values.count / (3 * height * width) {
      for index in 0..<grid.patches {
        let (row, column) = grid.position(of: index)
        for channel in 0..<3 {
          for line in 0..<patch {
            let top = ((image * 3 + channel) * height + row * patch + line) * width
            cut += values[top + column * patch..<top + (column + 1) * patch]
          }
        }
      }
    }
    return cut
  }

  func floats(_ name: String) -> [Float]? {
    guard let entry = file.tensor(name), entry.dtype == "F32" else { return nil }
    return withExtendedLifetime(entry.owner) {
      stride(from: 0, to: entry.bytes.count, by: 4).map {
        entry.bytes.loadUnaligned(fromByteOffset: $0, as: Float.self)
      }
    }
  }

  func integers(_ name: String) -> [Int]? {
    guard let entry = file.tensor(name) else { return nil }
    return withExtendedLifetime(entry.owner) {
      switch entry.dtype {
      case "I64":
        stride(from: 0, to: entry.bytes.count, by: 8).map {
          Int(entry.bytes.loadUnaligned(fromByteOffset: $0, as: Int64.self))
        }
      case "I32":
        stride(from: 0, to: entry.bytes.count, by: 4).map {
          Int(entry.bytes.loadUnaligned(fromByteOffset: $0, as: Int32.self))
        }
      default: nil
      }
    }
  }
}
