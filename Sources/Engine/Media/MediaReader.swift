import Diagnostics
import Media
import Merging
import Models

/// Brings the files of a request to what a model looks at.
struct MediaReader {
  let model: any VisionLanguageModel
  let request: Request

  /// Decodes one file.
  func read(_ item: MediaItem, limit: ShownLimit) throws(Failure) -> (
    visual: Visual, source: Source
  ) {
    let kind: MediaKind
    if let asked = item.kind { kind = asked } else { kind = try MediaKind.probe(item.path) }
    if kind == .image { try MediaSize.checkImage(path: item.path, limits: request.limits) }
    let digest = try FileDigest.sha256(path: item.path)
    return kind == .image
      ? try picture(item.path, digest, limit) : try video(item.path, digest, limit)
  }

  /// The size with as many tokens as the merging to compare with would leave; `size` without one.
  private func shrunk(
    _ size: (height: Int, width: Int), _ kind: MediaKind, frames: Int
  ) throws(Failure) -> (height: Int, width: Int) {
    guard
      let merging = try request.shrinksLike.map({ merging throws(Failure) in
        try model.resolve(merging)
      })
    else { return size }
    let side = model.tokenSide
    let (down, across) = (size.height / side, size.width / side)
    let whole = WorkShape(
      grids: model.grids(kind, frames: frames, height: size.height, width: size.width),
      frameBytes: 0, textTokens: 0, newTokens: 0)
    let left = merging.sparing(of: whole.visualTokens).tokensLeft(of: down * across)
    let grid = TokenGrid.shrunk(down: down, across: across, toTokens: left)
    return (height: grid.down * side, width: grid.across * side)
  }

  private func picture(
    _ path: String, _ digest: String, _ limit: ShownLimit
  ) throws(Failure) -> (visual: Visual, source: Source) {
    let picture = try ImageFile.decode(path: path, limits: request.limits) {
      height, width throws(Failure) in
      try shrunk(
        try model.imageSize(
          height: height, width: width, maxPixels: limit.pixels ?? request.maxPixels),
        .image, frames: 1)
    }
    let source = Source(
      path: path, sha256: digest, kind: .image, format: picture.format,
      size: Source.PixelSize(width: picture.sourceWidth, height: picture.sourceHeight),
      shown: Source.PixelSize(width: picture.image.width, height: picture.image.height),
      frames: [], warnings: picture.warnings)
    return (Visual(image: picture.image), source)
  }

  private func video(
    _ path: String, _ digest: String, _ limit: ShownLimit
  ) throws(Failure) -> (visual: Visual, source: Source) {
    var sampling = model.sampling
    if let frames = request.frames {
      sampling = .exactly(frames)
      if request.framesPerSecond != nil {
        throw Failure(
          .usage, code: "media.sampling",
          "a number of frames and a frame rate were asked for at once", remedy: "give one of them")
      }
    } else if let rate = request.framesPerSecond {
      sampling.fps = rate
    }
    if let frames = limit.frames { sampling = .exactly(frames) }
    let video = try VideoFile.sample(path: path, sampling: sampling, limits: request.limits) {
      frames, height, width throws(Failure) in
      try shrunk(
        try model.videoSize(
          frames: frames, height: height, width: width,
          maxPixels: limit.pixels ?? request.maxPixels),
        .video, frames: frames)
    }
    let source = Source(
      path: path, sha256: digest, kind: .video, format: "\(video.container), \(video.codec)",
      size: Source.PixelSize(width: video.sourceWidth, height: video.sourceHeight),
      shown: Source.PixelSize(
        width: video.frames.first?.width ?? 0, height: video.frames.first?.height ?? 0),
      frames: zip(video.indices, video.timestamps).map { Source.Frame(index: $0, seconds: $1) },
      warnings: video.warnings)
    return (Visual(frames: video.frames, timestamps: video.timestamps), source)
  }
}
