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
    let kind: MediaItem.Kind
    if let asked = item.kind {
      kind = asked
    } else {
      kind = try MediaKind.probe(item.path) == .film ? .film : .picture
    }
    if kind == .picture { try MediaSize.checkPicture(path: item.path, limits: request.limits) }
    let digest = try FileDigest.sha256(path: item.path)
    return kind == .picture
      ? try picture(item.path, digest, limit) : try film(item.path, digest, limit)
  }

  /// The size with as many tokens as the merging to compare with would leave; `size` without one.
  private func shrunk(
    _ size: (height: Int, width: Int), _ kind: Visual.Kind, frames: Int
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
    let picture = try PictureFile.decode(path: path, limits: request.limits) {
      height, width throws(Failure) in
      try shrunk(
        try model.pictureSize(
          height: height, width: width, mostPixels: limit.pixels ?? request.mostPixels),
        .picture, frames: 1)
    }
    let source = Source(
      path: path, sha256: digest, kind: .picture, format: picture.format,
      size: Source.PixelSize(width: picture.sourceWidth, height: picture.sourceHeight),
      shown: Source.PixelSize(width: picture.image.width, height: picture.image.height),
      frames: [], warnings: picture.warnings)
    return (Visual(picture: picture.image), source)
  }

  private func film(
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
    let film = try FilmFile.sample(path: path, sampling: sampling, limits: request.limits) {
      frames, height, width throws(Failure) in
      try shrunk(
        try model.filmSize(
          frames: frames, height: height, width: width,
          mostPixels: limit.pixels ?? request.mostPixels),
        .film, frames: frames)
    }
    let source = Source(
      path: path, sha256: digest, kind: .film, format: "\(film.container), \(film.codec)",
      size: Source.PixelSize(width: film.sourceWidth, height: film.sourceHeight),
      shown: Source.PixelSize(
        width: film.frames.first?.width ?? 0, height: film.frames.first?.height ?? 0),
      frames: zip(film.indices, film.timestamps).map { Source.Frame(index: $0, seconds: $1) },
      warnings: film.warnings)
    return (Visual(frames: film.frames, timestamps: film.timestamps), source)
  }
}
