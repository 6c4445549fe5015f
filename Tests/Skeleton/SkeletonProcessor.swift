import Diagnostics
import Media
import Models
import Tokenizer

/// Tiles and prompts of the skeleton.
struct SkeletonProcessor: Sendable {
  /// The special tokens of prompts.
  static let names = [
    "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>",
  ]

  /// Four frames, the middles of four parts.
  let sampling = FrameSampling(fps: 2, minFrames: 1, maxFrames: 4, spacing: .middles)

  private let configuration: SkeletonConfiguration
  private let tokenizer: Tokenizer
  private let ids: [Int32]

  init(_ configuration: SkeletonConfiguration, tokenizer: Tokenizer) throws(Failure) {
    self.configuration = configuration
    self.tokenizer = tokenizer
    var ids: [Int32] = []
    for name in Self.names {
      guard let id = tokenizer.id(ofSpecial: name) else {
        throw Failure(
          .modelUnusable, code: .modelSpecialToken, "the tokenizer has no token \(name)",
          remedy: "Use the tokenizer of the tests.")
      }
      ids.append(id)
    }
    self.ids = ids
  }

  /// As many tiles as come closest to the image's proportions, plus the whole image if there are several
  /// tiles; for a video, one tile per frame.
  func layout(of media: MediaShape, maxPixels: Int?) -> MediaLayout {
    let tile = configuration.tile
    let single = PixelSize(width: tile, height: tile)
    let grid = configuration.shape.vision.grid(height: tile, width: tile)
    guard media.kind == .image else {
      return MediaLayout(whole: single, of: media, depth: 1, grid: grid)
    }
    let most = min(configuration.max_tiles, max(1, (maxPixels ?? .max) / (tile * tile)))
    let (across, down) = tiles(media, most: most)
    var views: [View] = []
    for row in 0..<down {
      for column in 0..<across {
        views.append(View(images: 0..<1, x: column * tile, y: row * tile, grid: grid))
      }
    }
    var sizes = [PixelSize(width: across * tile, height: down * tile)]
    if views.count > 1 {
      sizes.append(single)
      views.append(View(images: 1..<2, grid: grid))
    }
    return MediaLayout(sizes: sizes, views: views, runs: [0..<views.count])
  }

  private func tiles(_ media: MediaShape, most: Int) -> (across: Int, down: Int) {
    let wanted = Double(media.width) / Double(max(1, media.height))
    var best = (across: 1, down: 1)
    for count in 1...most {
      for across in 1...count where count.isMultiple(of: across) {
        let candidate = (across: across, down: count / across)
        func miss(_ tiles: (across: Int, down: Int)) -> Double {
          abs(Double(tiles.across) / Double(tiles.down) - wanted)
        }
        if miss(candidate) < miss(best) { best = candidate }
      }
    }
    return best
  }

  /// One run for an image with all its tiles, one for each frame of a video.
  func prompt(_ question: Question) throws(Failure) -> Prompt {
    var writer = PromptWriter(tokenizer, configuration.shape.text, axes: 1)
    writer.special(ids[0])
    writer.text("user\n" + (question.system.map { $0 + "\n" } ?? ""))
    let segments = question.segments
    var first = 0
    for visual in question.visuals {
      for run in visual.layout.runs {
        writer.special(ids[2])
        writer.run(
          Array(segments[first + run.lowerBound..<first + run.upperBound]), placeholder: ids[4])
        writer.special(ids[3])
        writer.text("\n")
      }
      first += visual.layout.views.count
    }
    writer.text(question.text)
    writer.special(ids[1])
    writer.text("\n")
    writer.special(ids[0])
    writer.text("assistant\n")
    return try writer.finish()
  }
}
