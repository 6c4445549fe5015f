import Diagnostics
import Media

extension SeenMedia {
  /// Keeps what was seen for other files with the same bytes, as a later job has them; forgets it where a
  /// byte differs.
  ///
  /// - Throws: as `FileDigest.identity`, and what `check` throws.
  mutating func hand(
    to media: [MediaItem], check: @escaping () throws(Failure) -> Void
  ) throws(Failure) {
    guard let decoded else { return }
    let known = self
    self = SeenMedia()
    guard decoded.key.media.count == media.count else { return }
    var paths: [String: String] = [:]
    for (old, new) in zip(decoded.key.media, media) {
      guard old.kind == new.kind, old.page == new.page,
        let source = decoded.sources.first(where: { $0.path == old.path }),
        try FileDigest.identity(path: new.path, progress: { _ throws(Failure) in try check() })
          == (source.digest, source.bytes)
      else { return }
      paths[old.path] = new.path
    }
    self = known
    self.decoded?.key.media = media
    encoded?.key.shown.media = media
    read?.key.shown.media = media
    for index in decoded.sources.indices {
      let path = decoded.sources[index].path
      self.decoded?.sources[index].path = paths[path] ?? path
    }
  }
}
