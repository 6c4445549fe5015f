/// The pictures drawn for an answer: the files, and those shown on the page.
public struct ReportDrawing: Sendable {
  /// The files' names, in the order of the sources.
  public let names: [String]
  /// The pictures on the page.
  let pictures: [PagePicture]
  /// Notes for the reader about the pictures.
  public let notes: [String]

  /// This drawing with the pictures of another question about the same files.
  public func adding(_ other: ReportDrawing) -> ReportDrawing {
    ReportDrawing(
      names: names + other.names, pictures: pictures + other.pictures, notes: notes + other.notes)
  }
}
