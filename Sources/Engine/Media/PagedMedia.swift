import Diagnostics
import Media

/// The media of a request with an item of its own for every page of a document, so that all that follows
/// knows only images and videos.
struct PagedMedia {
  /// An image, a video, or a page.
  struct Entry {
    let item: MediaItem
    /// Whether the file has other pages.
    let isPaged: Bool
    /// Warnings about the document.
    var warnings: [String] = []
  }

  /// The entries, in the order of the prompt.
  private(set) var entries: [Entry] = []

  /// Looks for documents among the media.
  ///
  /// - Throws: the reasons why a file cannot be read.
  init(_ request: Request) throws(Failure) {
    for item in request.media {
      let kind: MediaKind
      if let asked = item.kind { kind = asked } else { kind = try MediaKind.probe(item.path) }
      guard kind == .image else {
        entries.append(Entry(item: item, isPaged: false))
        continue
      }
      try MediaSize.checkImage(path: item.path, limits: request.limits)
      let pages = try DocumentPages(path: item.path, reading: request.reading)
      if item.page != nil {
        entries.append(Entry(item: item, isPaged: pages.count > 1))
        continue
      }
      let shown = min(pages.count, max(1, request.pages))
      var own = (1...max(1, shown)).map { page in
        Entry(
          item: MediaItem(path: item.path, kind: .image, page: page), isPaged: pages.count > 1)
      }
      if shown < pages.count {
        own[0].warnings.append(
          "\(pages.name) has \(pages.count) pages: only the first "
            + (shown == 1 ? "was" : "\(shown) were") + " looked at; --pages looks at more")
      }
      entries += own
    }
  }
}
