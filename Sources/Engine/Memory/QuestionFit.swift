import Diagnostics
import MemoryPlanner
import Merging
import Models

/// Plans a question whose media have been looked at once.
struct QuestionFit {
  let model: any VisionLanguageModel
  let threads: Int
  let baseline: Int
  let request: Request
  let question: Question
  let sources: [Source]

  /// Bytes that decoding takes per pixel of a source: a picture's planes before and after
  /// conversion, and the frames a film's decoder keeps to refer to.
  private static let bytesPerPicturePixel = 6
  private static let bytesPerFilmPixel = 40
  /// Frames that are left of any film that had as many.
  private static let leastFrames = 2

  /// The plan for the question as asked, or with less where it does not fit.
  ///
  /// - Throws: `memory.never` or `memory.now`.
  func plan(_ merging: ResolvedMerging, reader: BudgetReader) throws(Failure) -> MemoryPlan {
    let prompt = try model.assemble(question)
    let visual = prompt.segments.reduce(0) { $0 + $1.tokens.count }
    let planner = MemoryPlanner(
      model: model, threads: threads, baseline: baseline, floors: request.floors)
    let configured = request.memory.configured
    let isPlanned = request.memory != .unplanned
    return try planner.plan(
      merging,
      budget: isPlanned
        ? reader.read(configured: configured, held: ProcessMemory.resident) : nil,
      ceiling: isPlanned ? reader.ceiling(configured: configured) : nil,
      hasFilm: question.visuals.contains { $0.kind == .film }
    ) { pixels, frames throws(Failure) in
      try shape(pixels, frames, textTokens: prompt.ids.count - visual)
    }
  }

  /// What each source is shown with for shares of its pixels and frames.
  func limits(_ pixels: Double, _ frames: Double) -> [ShownLimit] {
    zip(question.visuals, sources).map { visual, source in
      let count = visual.frames.count
      return ShownLimit(
        pixels: pixels < 1
          ? max(1, Int(Double(source.shown.width * source.shown.height) * pixels)) : nil,
        frames: frames < 1 && visual.kind == .film
          ? min(count, max(Self.leastFrames, Int(Double(count) * frames))) : nil)
    }
  }

  private func shape(
    _ pixels: Double, _ frames: Double, textTokens: Int
  ) throws(Failure) -> WorkShape {
    var shape = WorkShape(
      grids: [], frameBytes: 0, textTokens: textTokens, newTokens: request.mostNewTokens)
    let limits = limits(pixels, frames)
    for (index, visual) in question.visuals.enumerated() {
      let source = sources[index]
      let limit = limits[index]
      let count = limit.frames ?? visual.frames.count
      var size = (height: source.shown.height, width: source.shown.width)
      if let most = limit.pixels {
        size =
          visual.kind == .picture
          ? try model.pictureSize(
            height: source.size.height, width: source.size.width, mostPixels: most)
          : try model.filmSize(
            frames: count, height: source.size.height, width: source.size.width, mostPixels: most)
      }
      shape.grids += model.grids(
        visual.kind, frames: count, height: size.height, width: size.width)
      shape.frameBytes += count * size.height * size.width * 3
      let sourcePixels = source.size.width * source.size.height
      shape.decodingBytes = max(
        shape.decodingBytes,
        sourcePixels
          * (visual.kind == .film ? Self.bytesPerFilmPixel : Self.bytesPerPicturePixel))
    }
    return shape
  }
}
