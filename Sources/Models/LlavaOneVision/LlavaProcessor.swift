import Diagnostics
import Media
import Tokenizer

/// Turns a question into the model's input: tiles and frames, and the token ids of the chat prompt (HF
/// `LlavaOnevisionProcessor`).
struct LlavaProcessor: Sendable {
  private let shape: ModelShape
  private let tiling: LlavaTiling
  private let mean: [UInt8]
  private let template: LlavaTemplate
  private let imageToken: Int32
  private let videoToken: Int32
  private let turnStart: Int32
  private let turnEnd: Int32
  private let tokenizer: Tokenizer

  /// The most that the longer side may be, as a multiple of the shorter: resizing takes memory for the
  /// longer one.
  private static let steepest = 200

  /// - Throws: `model.special-token` when the vocabulary lacks one of the chat format's tokens.
  init(
    _ configuration: LlavaConfiguration, _ files: LlavaFiles, tokenizer: Tokenizer
  ) throws(Failure) {
    shape = configuration.shape
    tiling = configuration.tiling
    mean = files.mean.map { UInt8(max(0, min(255, ($0 * 255).rounded(.down)))) }
    template = files.template
    imageToken = configuration.imageTokenID
    videoToken = configuration.videoTokenID
    self.tokenizer = tokenizer
    let vocabulary = configuration.text.vocabularySize
    turnStart = try ChatFormat.special(
      ChatFormat.names[0], tokenizer, vocabularySize: vocabulary)
    turnEnd = try ChatFormat.special(ChatFormat.names[1], tokenizer, vocabularySize: vocabulary)
  }

  private var grid: PatchGrid {
    PatchGrid(height: tiling.patches, width: tiling.patches, mergeSize: 1)
  }

  private var tile: PixelSize { PixelSize(width: tiling.side, height: tiling.side) }

  /// A single image as a whole and as the tiles of a canvas; one of several images as one square; a video's
  /// frames, each one tile, in one run.
  ///
  /// - Parameter maxPixels: a limit on the pixels of an image's canvas; `nil` for none.
  /// - Throws: `media.proportions`.
  func layout(of media: MediaShape, maxPixels: Int?) throws(Failure) -> MediaLayout {
    let (height, width) = (media.height, media.width)
    guard height > 0, width > 0, max(height, width) <= Self.steepest * min(height, width) else {
      throw Failure(
        .badInput, code: .mediaProportions,
        "a picture of \(width)×\(height) is too long and narrow: one side may be at most "
          + "\(Self.steepest) times the other",
        remedy: "Crop it.")
    }
    if media.kind == .video { return frames(max(1, media.frames)) }
    return media.isAmongImages
      ? square() : image(height: height, width: width, maxPixels: maxPixels)
  }

  private func frames(_ count: Int) -> MediaLayout {
    let half = PatchGrid(
      height: (grid.height + 1) / 2, width: (grid.width + 1) / 2, mergeSize: 1)
    var layout = MediaLayout(
      sizes: [tile], views: (0..<count).map { View(images: $0..<$0 + 1, grid: grid) },
      runs: [0..<count])
    layout.packings = [
      RunPacking(
        (0..<count).map { .canvas(TokenCanvas(views: $0..<$0 + 1, grid: grid, target: half)) }
          + [.newline])
    ]
    return layout
  }

  private func square() -> MediaLayout {
    var layout = MediaLayout(sizes: [tile], views: [View(images: 0..<1, grid: grid)])
    layout.fittings = [.squared(red: mean[0], green: mean[1], blue: mean[2])]
    layout.packings = [RunPacking([.canvas(TokenCanvas(views: 0..<1, grid: grid)), .newline])]
    return layout
  }

  private func image(height: Int, width: Int, maxPixels: Int?) -> MediaLayout {
    let canvas = tiling.canvas(height: height, width: width, maxPixels: maxPixels)
    let count = canvas.down * canvas.across
    let tokens = TokenCanvas(
      views: 1..<1 + count, across: canvas.across, grid: grid, content: canvas.area,
      target: tiling.target(of: canvas.area), endsRows: true)
    var views = [View(images: 0..<1, grid: grid)]
    for view in tokens.views {
      let (row, column) = (view - 1).quotientAndRemainder(dividingBy: canvas.across)
      views.append(
        View(
          images: 1..<2, x: column * tiling.side, y: row * tiling.side, grid: grid,
          content: canvas.area.part(in: tokens.area(of: view))))
    }
    var layout = MediaLayout(
      sizes: [tile, canvas.size], views: views, runs: [0..<views.count])
    layout.fittings = [.stretched, .centered(content: canvas.content)]
    layout.packings = [
      RunPacking([.canvas(TokenCanvas(views: 0..<1, grid: grid)), .canvas(tokens)])
    ]
    return layout
  }

  /// The chat prompt: the user's turn with images, then videos, then the text, whatever the order of the
  /// question; and the beginning of the assistant's turn. There is no system turn unless one is asked for.
  func prompt(_ question: Question) throws(Failure) -> Prompt {
    let question = question.imagesFirst
    var writer = PromptWriter(tokenizer, shape.text, axes: 1)
    if let system = question.system {
      begin("system", to: &writer)
      end(system, to: &writer)
    }
    begin("user", to: &writer)
    let segments = question.segments
    var next = 0
    for source in question.order ?? [] {
      let visual = question.visuals[source]
      for (number, run) in visual.layout.runs.enumerated() {
        let packings = visual.layout.packings
        writer.run(
          Array(segments[next + run.lowerBound..<next + run.upperBound]),
          packing: packings.indices.contains(number) ? packings[number] : nil,
          placeholder: visual.kind == .video ? videoToken : imageToken)
        writer.text(template.afterVisual)
      }
      next += visual.layout.views.count
    }
    for turn in question.turns {
      end(turn.question, to: &writer)
      begin("assistant", to: &writer)
      end(turn.answer, to: &writer)
      begin("user", to: &writer)
    }
    end(question.text, to: &writer)
    writer.special(turnStart)
    writer.text("assistant\n")
    return try writer.finish()
  }

  private func begin(_ role: String, to writer: inout PromptWriter) {
    writer.special(turnStart)
    writer.text(role + template.afterRole)
  }

  private func end(_ text: String, to writer: inout PromptWriter) {
    writer.text(template.beforeText + text)
    writer.special(turnEnd)
    writer.text(template.afterTurn)
  }
}
