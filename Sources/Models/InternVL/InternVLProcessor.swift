import Diagnostics
import Media
import Tokenizer

/// Turns a question into the model's input: tiles, and the token ids of the chat prompt (HF
/// `InternVLProcessor`).
struct InternVLProcessor: Sendable {
  private let shape: ModelShape
  private let tileSize: Int
  private let tiling: InternVLTiling
  private let imageToken: Int32
  private let tokenizer: Tokenizer
  private let chat: ChatFormat

  /// - Throws: `model.special-token` when the vocabulary lacks one of the chat format's tokens.
  init(
    _ configuration: InternVLConfiguration, _ files: InternVLFiles, tokenizer: Tokenizer
  ) throws(Failure) {
    shape = configuration.shape
    tileSize = configuration.vision.tileSize
    tiling = files.tiling
    self.tokenizer = tokenizer
    let vocabulary = configuration.text.vocabularySize
    if let id = configuration.imageTokenID {
      imageToken = id
    } else {
      imageToken = try ChatFormat.special(
        files.tokens.context, tokenizer, vocabularySize: vocabulary)
    }
    chat = try ChatFormat(
      tokenizer, vocabularySize: vocabulary, markers: (files.tokens.start, files.tokens.end))
  }

  /// An image's tiles row by row and, where there are several, the whole image as a thumbnail, all in one
  /// run; a video's frames, each one tile and one run.
  ///
  /// - Parameter maxPixels: a limit on the pixels of an image's tiles; `nil` for none.
  func layout(of media: MediaShape, maxPixels: Int?) -> MediaLayout {
    let single = PixelSize(width: tileSize, height: tileSize)
    let grid = shape.vision.grid(height: tileSize, width: tileSize)
    guard media.kind == .image else {
      return MediaLayout(whole: single, of: media, depth: 1, grid: grid)
    }
    let (columns, rows) = tiling.tiles(
      height: media.height, width: media.width, side: tileSize,
      most: (maxPixels ?? .max) / (tileSize * tileSize))
    var views: [View] = []
    for row in 0..<rows {
      for column in 0..<columns {
        views.append(View(images: 0..<1, x: column * tileSize, y: row * tileSize, grid: grid))
      }
    }
    var sizes = [PixelSize(width: columns * tileSize, height: rows * tileSize)]
    if views.count > 1, tiling.hasThumbnail {
      sizes.append(single)
      views.append(View(images: 1..<2, grid: grid))
    }
    return MediaLayout(sizes: sizes, views: views, runs: [0..<views.count])
  }

  /// The chat prompt: the user's turn with images and the frames of videos before the text, and the
  /// beginning of the assistant's turn. There is no system turn unless one is asked for.
  func prompt(_ question: Question) throws(Failure) -> Prompt {
    var writer = PromptWriter(tokenizer, shape.text, axes: 1)
    if let system = question.system { chat.turn("system", system, to: &writer) }
    chat.begin("user", to: &writer)
    var next = 0
    let segments = question.segments
    for visual in question.visuals {
      for (number, run) in visual.layout.runs.enumerated() {
        if visual.kind == .video { writer.text("Frame\(number + 1): ") }
        let views = Array(segments[next + run.lowerBound..<next + run.upperBound])
        chat.run(views, placeholder: imageToken, to: &writer) { positions in
          positions.appendText(views.reduce(0) { $0 + $1.grid.groups })
        }
        writer.text("\n")
      }
      next += visual.layout.views.count
    }
    chat.ask(question, to: &writer)
    return try writer.finish()
  }
}
