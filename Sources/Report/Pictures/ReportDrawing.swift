/// The pictures drawn for an answer: the files, and those shown on the page.
public struct ReportDrawing: Sendable {
  /// The files' names, in the order of the sources.
  public let names: [String]
  /// The pictures on the page.
  let pictures: [PagePicture]
  /// Notes for the reader about the pictures.
  public let notes: [String]
}
