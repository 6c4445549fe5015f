import Diagnostics
import Media
import Merging
import Models
import Options

/// Decodes and resizes the files of a request for the model.
struct MediaReader {
  let model: any VisionLanguageModel
  let request: Request
  /// How files are read, and who hears of progress.
  let reading: MediaReading
  /// Whether the question has several images.
  let isAmongImages: Bool
  /// What tells a file from others, and its length.
  private typealias Identity = (digest: String, bytes: Int)
  /// The share of the work that goes into the digest of a file.
  private static let digestShare = 0.2

  /// Decodes one file, or one page of it.
  ///
  /// - Parameter known: the same file, or another page of it, as it was read before.
  func read(
    _ entry: PagedMedia.Entry, limit: ShownLimit, known: Source?
  ) throws(Failure) -> (visual: Visual, source: Source) {
    let path = entry.item.path
    let kind: MediaKind
    if let asked = entry.item.kind { kind = asked } else { kind = try MediaKind.probe(path) }
    let report = reading.progress
    let file: Identity
    if let known {
      file = (known.digest, known.bytes)
    } else {
      file = try FileDigest.identity(path: path) { share throws(Failure) in
        try report(Self.digestShare * share)
      }
    }
    do throws(Failure) {
      return kind == .image ? try image(entry, file, limit) : try video(path, file, limit)
    } catch {
      throw Self.named(error, entry)
    }
  }

  /// A failure that says which file, and which of its pages, it is about.
  private static func named(_ failure: Failure, _ entry: PagedMedia.Entry) -> Failure {
    guard failure.kind == .badInput else { return failure }
    let name = entry.item.path.split(separator: "/").last.map(String.init) ?? entry.item.path
    var message = failure.message
    if !message.contains(name) { message = "\(name): \(message)" }
    if entry.isPaged, let page = entry.item.page, !message.contains("page \(page)") {
      message += " (page \(page))"
    }
    return Failure(failure.kind, code: failure.code, message, remedy: failure.remedy)
  }

  private func image(
    _ entry: PagedMedia.Entry, _ file: Identity, _ limit: ShownLimit
  ) throws(Failure) -> (visual: Visual, source: Source) {
    let (path, page) = (entry.item.path, entry.item.page ?? 1)
    var layout = MediaLayout(sizes: [], views: [])
    let image = try ImageFile.decodeTargets(path: path, page: page - 1, reading: reading) {
      height, width throws(Failure) in
      var shape = MediaShape(.image, height: height, width: width)
      shape.isAmongImages = isAmongImages
      layout = try self.layout(of: shape, limit)
      return layout.targets
    }
    let source = Source(
      path: path, page: entry.isPaged ? page : nil, digest: file.digest, bytes: file.bytes,
      created: image.created, kind: .image, format: image.format,
      size: PixelSize(width: image.sourceWidth, height: image.sourceHeight),
      shown: largest(of: layout), duration: nil, frames: [],
      warnings: entry.warnings
        + image.warnings.map { entry.isPaged ? "page \(page): \($0)" : $0 })
    return (Visual(.image, images: image.images, layout: layout), source)
  }

  private func video(
    _ path: String, _ file: Identity, _ limit: ShownLimit
  ) throws(Failure) -> (visual: Visual, source: Source) {
    var sampling = model.assets.sampling
    if let frames = request.frames {
      sampling = sampling.taking(frames)
      if request.framesPerSecond != nil {
        throw Failure(
          .usage, code: .mediaSampling,
          "a number of frames and a frame rate were asked for at once", remedy: "Give one of them.")
      }
    } else if let rate = request.framesPerSecond {
      sampling.fps = rate
    }
    sampling.followsChange = request.frameChoice == .change
    if let frames = limit.frames { sampling = sampling.taking(frames) }
    var layout = MediaLayout(sizes: [], views: [])
    var reading = reading
    let report = reading.progress
    reading.progress = { share throws(Failure) in
      try report(Self.digestShare + (1 - Self.digestShare) * share)
    }
    let video = try VideoFile.sample(path: path, sampling: sampling, reading: reading) {
      frames, height, width throws(Failure) in
      layout = try self.layout(
        of: MediaShape(.video, frames: frames, height: height, width: width), limit)
      let size = largest(of: layout)
      return (size.height, size.width)
    }
    let source = Source(
      path: path, page: nil, digest: file.digest, bytes: file.bytes, created: video.created,
      kind: .video,
      format: "\(video.container), \(video.codec)",
      size: PixelSize(width: video.sourceWidth, height: video.sourceHeight),
      shown: largest(of: layout), duration: max(0, video.durationSeconds),
      frames: zip(video.indices, video.timestamps).map { Source.Frame(index: $0, seconds: $1) },
      warnings: video.warnings)
    // Frames were asked for at a rate, or as a number that covers the whole video.
    let rate =
      sampling.frames == nil && sampling.fps != nil
      ? sampling.fps
      : video.durationSeconds > 0 ? Double(video.frames.count) / video.durationSeconds : nil
    return (
      Visual(
        .video, images: video.frames, timestamps: video.timestamps, frameRate: rate,
        layout: layout), source
    )
  }

  /// The largest size of a layout.
  private func largest(of layout: MediaLayout) -> PixelSize {
    layout.sizes.max { $0.width * $0.height < $1.width * $1.height }
      ?? PixelSize(width: 0, height: 0)
  }

  /// The model's layout, shrunk to as many tokens as the merging it is compared with would leave.
  private func layout(
    of media: MediaShape, _ limit: ShownLimit
  ) throws(Failure) -> MediaLayout {
    let layout = try model.layout(of: media, maxPixels: limit.pixels ?? request.maxPixels)
    guard let asked = request.shrinksLike else { return layout }
    guard let size = layout.sizes.first, let view = layout.views.first,
      layout.sizes.count == 1, layout.packings.isEmpty,
      layout.views.allSatisfy({ $0.grid == view.grid })
    else {
      throw Failure(
        .usage, code: .evaluationResize,
        "a model that looks at an image in several sizes cannot be shown a smaller one to compare",
        remedy: "Leave the profile resize out.")
    }
    let side = model.shape.tokenSide
    let (down, across) = (size.height / side, size.width / side)
    let left = try model.resolve(asked).sparing(of: layout.tokens).tokensLeft(of: down * across)
    let tokens = TokenGrid.shrunk(down: down, across: across, toTokens: left)
    let shrunk = PixelSize(width: tokens.across * side, height: tokens.down * side)
    let grid = model.shape.vision.grid(height: shrunk.height, width: shrunk.width)
    return MediaLayout(
      sizes: [shrunk], views: layout.views.map { View(images: $0.images, grid: grid) },
      runs: layout.runs)
  }
}
