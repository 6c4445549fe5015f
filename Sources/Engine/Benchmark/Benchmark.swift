import Basics
import Compute
import Diagnostics
import Media
import Merging
import Models
import Tokenizer

/// Measures a model on noise images, with and without merging, in one run.
public struct Benchmark {
  /// The question that is measured.
  public struct Work: Sendable {
    /// The width of the image or the frames in pixels, before the model resizes them.
    public var width = 448
    /// The height of the image or the frames in pixels, before the model resizes them.
    public var height = 448
    /// Frames of a video; `nil` for one image.
    public var frames: Int?
    /// Tokens of the question's text.
    public var questionTokens = 32
    /// Tokens to generate.
    public var newTokens = 16

    /// One 448×448 image, 32 tokens of text, 16 new tokens.
    public init() {}
  }

  private let session: Session
  private let works: [Work]

  /// A measurement of a loaded model, for one size or for several.
  public init(_ session: Session, _ works: [Work]) {
    self.session = session
    self.works = works
  }

  /// Measures every variant of every size in turn, so that a disturbance affects all of them.
  ///
  /// - Parameters:
  ///   - repetitions: how often everything is measured; the median is reported.
  ///   - variants: the names and the merging of each.
  ///   - progress: called with a description of what is being measured.
  /// - Returns: one row per size and variant, in order.
  /// - Throws: what the work throws.
  public func run(
    _ variants: [(name: String, merging: MergeParameters)], repetitions: Int = 1,
    progress: (String, Double) -> Void
  ) throws(Failure) -> [BenchmarkRow] {
    let tasks = works.flatMap { work in variants.map { (work: work, variant: $0) } }
    var samples = tasks.map { _ in [BenchmarkRow]() }
    for repetition in 0..<repetitions {
      for (index, task) in tasks.enumerated() {
        let done = repetition * tasks.count + index
        progress(task.variant.name, Double(done) / Double(repetitions * tasks.count))
        samples[index].append(
          try measure(task.variant.name, task.work, task.variant.merging))
      }
    }
    return samples.map { BenchmarkRow.median($0) }
  }

  private func measure(
    _ name: String, _ work: Work, _ parameters: MergeParameters
  ) throws(Failure) -> BenchmarkRow {
    let model = session.model
    let (question, size) = try question(work)
    let merging = try model.resolve(parameters, hasVideo: work.frames != nil).sparing(
      of: try model.prompt(question).visualTokens)
    ProcessMemory.resetPeak()
    var times = StageTimes()
    let observer = ComputeObserver()
    let seen = try times.measure(\.vision) { () throws(Failure) in
      try model.encode(question, merging: merging, threads: session.threads, observer: observer)
    }
    let visionPeak = ProcessMemory.peak
    let generation = try times.measure(\.prefill) { () throws(Failure) in
      try model.read(
        seen, ReadingOptions(merging: merging, room: work.newTokens), threads: session.threads,
        observer: observer)
    }
    let promptPeak = ProcessMemory.peak
    let before = try readBandwidth(work)
    ProcessMemory.resetPeak()
    var sampler = Sampler(Sampler.Options(), prompt: [])
    try times.measure(\.decode) { () throws(Failure) in
      for _ in 0..<work.newTokens {
        try generation.advance(
          by: [sampler.next(generation.logits)], threads: session.threads)
      }
    }
    let peak = max(promptPeak, ProcessMemory.peak)
    let after = try readBandwidth(work)
    session.threads.releaseScratch()
    let shape = WorkShape(
      seen.prompt,
      frameBytes: question.visuals.reduce(0) { sum, visual in
        visual.images.reduce(sum) { $0 + $1.pixels.count }
      }, newTokens: work.newTokens)
    let cost = model.cost.memory(of: shape, merging: merging, threads: session.threads.count)
    return BenchmarkRow(
      name: name, width: size.width, height: size.height, frames: work.frames,
      promptTokens: seen.prompt.ids.count,
      visualTokens: seen.prompt.visualTokens,
      visualTokensAfterVision: seen.runCounts.reduce(0, +),
      visualTokensLeft: generation.survivors.reduce(0) { $0 + $1.count },
      visionSeconds: times.vision, prefillSeconds: times.prefill,
      secondsPerToken: work.newTokens == 0 ? 0 : times.decode / Double(work.newTokens),
      bytesPerToken: model.cost.work(of: shape, merging: merging).bytesPerToken,
      readBandwidth: (before + after) / 2, visionPeakBytes: visionPeak, peakBytes: peak,
      predictedBytes: session.baseline + cost.peak)
  }

  /// The memory's read bandwidth while tokens are generated, because it limits decoding; 0 without
  /// tokens.
  private func readBandwidth(_ work: Work) throws(Failure) -> Double {
    work.newTokens == 0 ? 0 : try MemoryBenchmark.readBandwidth(threads: session.threads)
  }

  /// Text of this many tokens: words, or letters where a vocabulary has no words.
  private func text(tokens: Int) -> String {
    let isWord = session.model.assets.tokenizer.encode(" a").count == 1
    return Array(repeating: "a", count: tokens).joined(separator: isWord ? " " : "")
  }

  /// A noise image of the work's size, and the size the model resizes it to.
  private func question(_ work: Work) throws(Failure) -> (Question, size: PixelSize) {
    let text = text(tokens: work.questionTokens)
    var random = SplitMix64(seed: 1)
    func noise(_ size: PixelSize) -> RGBImage {
      RGBImage(
        width: size.width, height: size.height,
        pixels: (0..<size.width * size.height * 3).map { _ in
          UInt8(truncatingIfNeeded: random.next())
        })
    }
    let media = MediaShape(
      work.frames == nil ? .image : .video, frames: work.frames ?? 1, height: work.height,
      width: work.width)
    let layout = try session.model.layout(of: media, maxPixels: nil)
    let sizes =
      work.frames.map {
        Array(repeating: layout.sizes.first ?? PixelSize(width: 0, height: 0), count: $0)
      } ?? layout.sizes
    let visual = Visual(
      media.kind, images: sizes.map(noise),
      timestamps: work.frames.map { (0..<$0).map { Double($0) / 2 } } ?? [], layout: layout)
    let largest = layout.sizes.max { $0.width * $0.height < $1.width * $1.height }
    return (
      Question(visuals: [visual], text: text), size: largest ?? PixelSize(width: 0, height: 0)
    )
  }
}
