import Diagnostics
import Media
import Models

/// Brings the files of a request to what a model looks at.
struct MediaReader {
  let model: any VisionLanguageModel
  let request: Request

  /// Decodes one file.
  func read(_ item: MediaItem) throws(Failure) -> (visual: Visual, source: Source) {
    let kind: MediaItem.Kind
    if let asked = item.kind {
      kind = asked
    } else {
      kind = try MediaKind.probe(item.path) == .film ? .film : .picture
    }
    let digest = try FileDigest.sha256(path: item.path)
    return kind == .picture
      ? try picture(item.path, digest) : try film(item.path, digest)
  }

  private func picture(
    _ path: String, _ digest: String
  ) throws(Failure) -> (visual: Visual, source: Source) {
    let picture = try PictureFile.decode(path: path, limits: request.limits) {
      height, width throws(Failure) in
      try model.pictureSize(height: height, width: width, mostPixels: request.mostPixels)
    }
    let source = Source(
      path: path, sha256: digest, kind: .picture, format: picture.format,
      size: Source.PixelSize(width: picture.sourceWidth, height: picture.sourceHeight),
      shown: Source.PixelSize(width: picture.image.width, height: picture.image.height),
      frames: [], warnings: picture.warnings)
    return (Visual(picture: picture.image), source)
  }

  private func film(
    _ path: String, _ digest: String
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
    let film = try FilmFile.sample(path: path, sampling: sampling, limits: request.limits) {
      frames, height, width throws(Failure) in
      try model.filmSize(
        frames: frames, height: height, width: width, mostPixels: request.mostPixels)
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
