import Diagnostics
import Media
import MemoryPlanner
import Merging
import Models

/// Plans a question whose media have been decoded once.
struct QuestionFit {
  let model: any VisionLanguageModel
  let threads: Int
  let baseline: Int
  let request: Request
  let question: Question
  let sources: [Source]
  /// Tokens of the prompt that are not visual.
  let textTokens: Int
  /// Whether the answer begins inside a thought.
  let opensThought: Bool
  /// Whether other questions about the same media follow.
  let keepsBeginning: Bool
  /// The groups of films that are computed, where films are reused.
  let films: FilmPlan

  /// Bytes that decoding takes per pixel of a source: an image's planes before and after conversion, or
  /// the reference frames that a video's decoder keeps.
  static let bytesPerImagePixel = 6
  private static let bytesPerVideoPixel = 40
  /// The least number of frames that a plan leaves of a video, unless the video has fewer.
  private static let minFrames = 2

  /// The plan for the question as asked, or with less where it does not fit.
  ///
  /// - Throws: `memory.never` or `memory.now`.
  func plan(_ merging: ResolvedMerging, reader: BudgetReader) throws(Failure) -> MemoryPlan {
    let rules = request.memory
    let planner = MemoryPlanner(
      model.cost, threads: threads, baseline: baseline, floors: rules.floors,
      margin: rules.margin)
    let isPlanned = rules.limit != .unplanned
    return try planner.plan(
      try spared(merging), budget: isPlanned ? reader.budget(rules) : nil,
      ceiling: isPlanned ? reader.ceiling(rules) : nil, target: isPlanned ? rules.target : nil,
      hasVideo: question.visuals.contains { $0.kind == .video }
    ) { pixels, frames throws(Failure) in
      try shape(pixels, frames)
    }
  }

  /// Plans within budgets from just below what the floors need to just above what was asked for.
  func curve(
    _ merging: ResolvedMerging, points: Int
  ) throws(Failure) -> [PlanOutlook.Point] {
    // No work fits into one byte, so this is the plan at the floors.
    let least = try plan(merging, budget: nil, target: 1).predicted
    let most = try plan(merging, budget: nil, target: nil).predicted
    guard points > 1, least < most else { return [] }
    let step = Double(most - least) * 1.06 / Double(points - 1)
    var curve: [PlanOutlook.Point] = []
    for index in 0..<points {
      let budget = least + Int((Double(index) - 0.03 * Double(points - 1)) * step)
      curve.append(try point(merging, budget))
    }
    return curve
  }

  private func point(
    _ merging: ResolvedMerging, _ budget: Int
  ) throws(Failure) -> PlanOutlook.Point {
    do throws(Failure) {
      let plan = try plan(
        merging, budget: MemoryBudget(bytes: budget, source: .configured()), target: nil)
      let asked = try shape(1, 1).visualTokens
      let left = model.cost.work(
        of: try shape(plan.pixelShare, plan.frameShare), merging: plan.merging
      ).visualTokensLeft
      return PlanOutlook.Point(
        budget: budget, plan: plan, percentLeft: 100 * Double(left) / Double(max(1, asked)))
    } catch {
      guard error.kind == .outOfMemory else { throw error }
      return PlanOutlook.Point(budget: budget, plan: nil, percentLeft: 0)
    }
  }

  private func plan(
    _ merging: ResolvedMerging, budget: MemoryBudget?, target: Int?
  ) throws(Failure) -> MemoryPlan {
    let planner = MemoryPlanner(
      model.cost, threads: threads, baseline: baseline, floors: request.memory.floors,
      margin: request.memory.margin)
    return try planner.plan(
      try spared(merging), budget: budget, ceiling: nil, target: target,
      hasVideo: question.visuals.contains { $0.kind == .video }
    ) { pixels, frames throws(Failure) in try shape(pixels, frames) }
  }

  /// The merging with the ViT's retention raised to its least number of tokens.
  private func spared(_ merging: ResolvedMerging) throws(Failure) -> ResolvedMerging {
    merging.sparing(of: try shape(1, 1).visualTokens)
  }

  /// The limits on each source for given shares of its pixels and frames.
  func limits(_ pixels: Double, _ frames: Double) -> [ShownLimit] {
    zip(question.visuals, sources).map { visual, source in
      let count = visual.images.count
      return ShownLimit(
        pixels: pixels < 1
          ? max(1, Int(Double(source.shown.width * source.shown.height) * pixels)) : nil,
        frames: frames < 1 && visual.kind == .video
          ? min(count, max(Self.minFrames, Int(Double(count) * frames))) : nil)
    }
  }

  /// The work's size for given shares of its pixels and frames.
  func shape(
    _ pixels: Double, _ frames: Double
  ) throws(Failure) -> WorkShape {
    var shape = WorkShape(
      textTokens: textTokens, newTokens: request.answerRoom(opensThought: opensThought))
    shape.keepsBeginning = keepsBeginning
    shape.goesBack = request.form.longestChoice != nil
    // A plan that shows less computes every frame whole.
    if pixels == 1, frames == 1 { shape.films = films }
    let limits = limits(pixels, frames)
    for (index, visual) in question.visuals.enumerated() {
      let source = sources[index]
      let limit = limits[index]
      let count = visual.kind == .video ? limit.frames ?? visual.images.count : 1
      var media = MediaShape(
        visual.kind, frames: count, height: source.size.height, width: source.size.width)
      media.isAmongImages = question.visuals.count { $0.kind == .image } > 1
      let layout =
        limit == ShownLimit()
        ? visual.layout
        : try model.layout(
          of: media, maxPixels: limit.pixels ?? request.maxPixels)
      shape.add(layout, frames: count)
      if request.keepsVisuals, let drawing = request.drawing {
        shape.drawingBytes = max(shape.drawingBytes, drawing(source, count))
      }
      let sourcePixels = source.size.width * source.size.height
      shape.decodingBytes = max(
        shape.decodingBytes,
        sourcePixels
          * (visual.kind == .video ? Self.bytesPerVideoPixel : Self.bytesPerImagePixel))
    }
    return shape
  }
}

extension BudgetReader {
  /// The budget now, under a question's memory rules.
  func budget(_ rules: MemoryRules) -> MemoryBudget? {
    read(configured: rules.limit.configured, name: rules.limitName, held: ProcessMemory.held)
  }

  /// The budget if no other process used memory, under a question's memory rules.
  func ceiling(_ rules: MemoryRules) -> MemoryBudget? {
    ceiling(configured: rules.limit.configured, name: rules.limitName)
  }
}
