import Answers
import Basics
import Compute
import Diagnostics
import Options
@testable import Engine
import Foundation
import Media
import MemoryPlanner
import Merging
@testable import Models

/// Checkpoints and media of the engine's tests.
enum Fixtures {
  static func path(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "EngineTests/Fixtures/\(name)").path
  }

  static func session(_ checkpoint: String = "tiny-early") throws -> Session {
    try Session(modelFolder: path(checkpoint), options: ModelOptions(weights: .f32), threads: 2)
  }
}

/// A folder that is removed when the test ends.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appending(path: "report-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    let file = "\(path)/\(name)"
    try Data(bytes).write(to: URL(filePath: file))
    return file
  }

  func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: "\(path)/\(name)")))
  }

  /// An image file's pixels at its own size.
  func picture(_ name: String) throws -> RGBImage {
    try ImageFile.decode(path: "\(path)/\(name)") { height, width in (height, width) }.image
  }
}

extension RGBImage {
  /// An image with the pixels that `color` returns.
  init(width: Int, height: Int, color: (_ x: Int, _ y: Int) -> [UInt8]) {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * 3)
    for y in 0..<height { for x in 0..<width { pixels += color(x, y) } }
    self.init(width: width, height: height, pixels: pixels)
  }

  /// Noise, the same for the same seed.
  static func noise(width: Int, height: Int, seed: UInt64) -> RGBImage {
    var random = SplitMix64(seed: seed)
    let pixels = (0..<width * height * 3).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  func pixel(_ x: Int, _ y: Int) -> [UInt8] {
    let at = (y * width + x) * 3
    return Array(pixels[at..<at + 3])
  }
}

/// Answers like those of a session, with chosen words, images and scores.
enum MadeUp {
  /// A job whose attempt has begun.
  static let origin = AnswerOrigin(
    job: AnswerDocument.Job(
      id: "01900000-0000-7000-8000-000000000000", name: "gate.png", state: "running", attempt: 1,
      taken: "2026-11-27T14:03:22.120Z", begun: "2026-11-27T14:03:22.120Z"),
    host: "box")

  /// A source as if it had been read.
  private static func source(_ path: String, _ visual: Visual) -> Source {
    let size = PixelSize(
      width: visual.images.first?.width ?? 0, height: visual.images.first?.height ?? 0)
    return Source(
      path: path, page: nil, digest: "sha256:" + String(repeating: "0", count: 64), bytes: 1,
      created: nil, kind: visual.kind == .video ? .video : .image, format: "made up",
      size: size, shown: size, duration: visual.kind == .video ? 1 : nil,
      frames: visual.timestamps.enumerated().map { Source.Frame(index: $0, seconds: $1) },
      warnings: [])
  }

  /// Scores drawn from a seed, planned and recorded by the real code, four layers in each stage.
  static func answer(
    text: String = "An answer.", path: String = "gate.png", visuals: [Visual], across: Int,
    down: Int, retention: Double = 0.85, seed: UInt64 = 1
  ) throws -> Answer {
    var random = SplitMix64(seed: seed)
    var segments: [Segment] = []
    let grid = PatchGrid(height: down * 2, width: across * 2, mergeSize: 2)
    for (source, visual) in visuals.enumerated() {
      for first in stride(from: 0, to: visual.images.count, by: 2) {
        segments.append(
          Segment(
            source: source, isVideo: visual.kind == .video,
            view: View(images: first..<min(first + 2, visual.images.count), grid: grid)))
      }
    }
    let runs = segments.indices.map {
      Prompt.Run(tokens: $0 * grid.groups..<($0 + 1) * grid.groups, segments: $0..<$0 + 1)
    }
    var survivors = segments.map { Array(0..<$0.grid.groups) }
    var steps: [MergeStep] = []
    for (stage, layer) in [5, 6, 7, 8].map({ (MergePlace.vision, $0) })
      + [19, 21, 23, 25].map({ (MergePlace.text, $0) })
    {
      var records: [MergeRecord] = []
      for index in segments.indices {
        let count = survivors[index].count
        let scores = (0..<count).map { _ in Float(random.unit()) }
        let features = try Matrix(rows: count, columns: 4)
        for row in 0..<count {
          for column in 0..<4 { features.view.row(row)[column] = Float(random.unit()) }
        }
        let plan = try MergePlan.make(
          scores: scores, features: features.view,
          keep: Retention.share(retention).keptInVision(of: count), mode: .recycle,
          scratch: features.view, threads: ThreadTeam(count: 1))
        let record = MergeRecord(plan, scores: scores, arrived: survivors[index])
        survivors[index] = record.kept
        records.append(record)
      }
      steps.append(MergeStep(stage: stage, layer: layer, segments: records))
    }
    let merging = ResolvedMerging(
      profile: .exact,
      vision: MergeStage(
        .vision, layers: [5, 6, 7, 8], retention: .share(retention), mode: .recycle),
      text: MergeStage(
        .text, layers: [19, 21, 23, 25], retention: .share(retention), mode: .recycle),
      notes: [])
    let plan = MemoryPlan(
      budget: nil, baseline: 1 << 20, cost: MemoryCost(), merging: merging, pixelShare: 1,
      frameShare: 1, adaptations: [])
    return Answer(
      text: text, generated: [1, 2], finishReason: .stop, sources: visuals.map { source(path, $0) },
      promptTokens: 20 + segments.count * grid.groups, sharedTokens: 0,
      visualTokens: segments.count * grid.groups,
      merging: merging, steps: steps, segments: segments, runs: runs,
      tokenSide: 32, visuals: visuals, visionCounts: steps[3].after,
      runCounts: runs.map { steps[3].after[$0.segments].reduce(0, +) }, plan: plan,
      survivors: survivors, cacheLengths: [20], seconds: StageTimes(), peakMemory: 1 << 20)
  }
}

extension Visual {
  /// An image; reports take the views from the answer.
  init(image: RGBImage) {
    self.init(.image, images: [image], layout: MediaLayout(sizes: [], views: []))
  }

  /// Frames of a video.
  init(frames: [RGBImage], timestamps: [Double]) {
    self.init(
      .video, images: frames, timestamps: timestamps, layout: MediaLayout(sizes: [], views: []))
  }
}
