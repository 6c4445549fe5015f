/// What was drawn for an answer: the files, and what the page shows of them.
public struct ReportDrawing: Sendable {
  /// The files' names, in the order of the sources.
  public let names: [String]
  /// What the page shows.
  let pictures: [PagePicture]
  /// What the reader should know about them.
  public let notes: [String]
}
