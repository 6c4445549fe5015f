import Answers
import Basics
import Diagnostics
import Engine
import FoundationEssentials
import Media
import Options

/// The folder that a question's results go to: `answer.json`, `merging.json`, `report.html`,
/// `merge-*.png` and `boxes-*.png`.
public struct ReportFolder: Sendable {
  /// The folder's path; empty where files are handed to a callback.
  public let path: String
  private let handOn: (@Sendable (_ name: String, _ bytes: [UInt8]) throws(Failure) -> Void)?

  /// A report whose files are handed to a callback, each as soon as it is made.
  public init(
    handingOn handOn: @escaping @Sendable (_ name: String, _ bytes: [UInt8]) throws(Failure) -> Void
  ) {
    path = ""
    self.handOn = handOn
  }

  /// Creates the folder and those above it, unless it exists.
  ///
  /// - Throws: `report.folder`.
  public init(path: String) throws(Failure) {
    self.path = path
    handOn = nil
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true)
    } catch {
      throw Failure(
        .missingInput, code: .reportFolder, "\(path) cannot be created: \(error)",
        remedy: "Choose a folder that you may write in.")
    }
  }

  /// The most bytes that drawing a source with this many frames takes, besides the frames themselves.
  ///
  /// The largest picture is in memory about eight times: its parts, the sheet, and the encoders' copies.
  /// 20 MiB are for the page and the encoders. In tests, the demo model's pictures took 0.5 to 0.9 of
  /// this.
  public static func drawingBytes(_ source: Source, frames: Int) -> Int {
    let (width, height) = (source.shown.width, source.shown.height)
    let side = source.kind == .video ? VideoPictures.side : ImagePictures.side
    let shorter = side * min(width, height) / max(1, max(width, height))
    let count = source.kind == .video ? min(frames, VideoPictures.framesPerSheet) : 1
    // An image is decoded once more, at 6 bytes per pixel.
    let decoding = source.kind == .video ? 0 : 6 * source.size.width * source.size.height
    return 8 * 3 * count * side * shorter + decoding + (20 << 20)
  }

  /// Draws the pictures and writes everything.
  ///
  /// - Parameters:
  ///   - origin: who asked; the job ends when everything is drawn.
  ///   - load: seconds it took to open the model.
  /// - Returns: the document that was written as `answer.json`.
  /// - Throws: `report.write`, `report.disk-full`, or what drawing throws.
  public func write(
    _ answer: Answer, request: Request, origin: AnswerOrigin, model: AnswerDocument.Model,
    load: Double, visualization: Visualization
  ) throws(Failure) -> AnswerDocument {
    let drawing = try draw(answer, reading: request.reading, visualization)
    let document = AnswerDocument(
      answer, request: request, origin: origin.ended("done", Timestamp.now), model: model,
      load: load, drawing: drawing, details: true)
    try write(document, of: answer, request: request, drawing: drawing)
    return document
  }

  /// Draws the pictures of an answer and writes them; the answer's frames are not needed afterwards.
  ///
  /// - Throws: `report.write`, `report.disk-full`, or what drawing throws.
  public func draw(
    _ answer: Answer, reading: MediaReading, _ visualization: Visualization
  ) throws(Failure) -> ReportDrawing {
    let boxes = try drawBoxes(answer, reading: reading, visualization)
    var (names, pagePictures, notes) = (boxes.names, boxes.pictures, boxes.notes)
    try MergePictures(answer, reading: reading).draw(visualization) {
      picture throws(Failure) in
      if let name = picture.name {
        try write(try PNGWriter.encode(picture.image), to: name)
        names.append(name)
      }
      if picture.content != .layer { pagePictures.append(try PagePicture(picture)) }
    }
    do throws(Failure) {
      try MergePictures(answer, reading: reading).drawVideos(visualization) {
        name, bytes throws(Failure) in
        try write(bytes, to: name)
        names.append(name)
      }
    } catch {
      // An answer is useful without a video.
      guard error.code == .mediaNoEncoder else { throw error }
      notes.append("no video was drawn: \(error.message)")
    }
    return ReportDrawing(names: names, pictures: pagePictures, notes: notes)
  }

  /// Draws only the boxes of an answer, on the picture of each file that has some.
  ///
  /// - Parameter question: the number of the question among several about the same files, from 1.
  /// - Throws: as `draw`.
  public func drawBoxes(
    _ answer: Answer, reading: MediaReading, question: Int = 1, _ visualization: Visualization
  ) throws(Failure) -> ReportDrawing {
    guard visualization != .none else { return ReportDrawing(names: [], pictures: [], notes: []) }
    var names: [String] = []
    var pictures: [PagePicture] = []
    let notes = try BoxPictures(answer, reading: reading, question: question).draw {
      picture throws(Failure) in
      guard let name = picture.name else { return }
      try write(try PNGWriter.encode(picture.image), to: name)
      names.append(name)
      pictures.append(try PagePicture(picture))
    }
    return ReportDrawing(names: names, pictures: pictures, notes: notes)
  }

  /// Writes `merging.json`, `report.html` and, last, `answer.json`.
  ///
  /// - Parameters:
  ///   - document: the answers, possibly more than the one that was drawn.
  ///   - answer: the first answer.
  ///   - request: the request that it answers.
  /// - Throws: `report.write` or `report.disk-full`.
  public func write(
    _ document: AnswerDocument, of answer: Answer, request: Request, drawing: ReportDrawing
  ) throws(Failure) {
    let page = ReportPage(
      answer: answer, document: document, request: request,
      command: ShellCommand(request, model: document.model, sources: answer.sources),
      pictures: drawing.pictures)
    try write(Array(page.html.utf8), to: Self.pageName)
    try write(document, of: answer)
    clean(except: drawing.names)
  }

  /// Writes `merging.json` and `answer.json` without a page.
  ///
  /// - Parameter answer: the first answer.
  /// - Throws: `report.write` or `report.disk-full`.
  public func write(_ document: AnswerDocument, of answer: Answer) throws(Failure) {
    let merging = MergingDocument(answer, job: document.job.id)
    try write(Array((try merging.json() + "\n").utf8), to: MergingDocument.fileName)
    try write(document)
  }

  /// Writes the page and the document of a question that was not answered.
  ///
  /// - Throws: `report.write` or `report.disk-full`.
  public func write(_ page: FailurePage, _ document: AnswerDocument) throws(Failure) {
    try write(Array(page.html.utf8), to: Self.pageName)
    clean(except: [])
    try? FileManager.default.removeItem(atPath: path + "/" + MergingDocument.fileName)
    try write(document)
  }

  private static let pageName = "report.html"

  private func write(_ document: AnswerDocument) throws(Failure) {
    try write(Array((try document.json() + "\n").utf8), to: AnswerDocument.fileName)
  }

  /// Removes the pictures of an earlier question, which would be taken for those of this report.
  private func clean(except names: [String]) {
    guard handOn == nil else { return }
    let old = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in old where !names.contains(name) {
      guard name.hasPrefix("merge-") || name.hasPrefix("boxes-") else { continue }
      guard name.hasSuffix(".png") || name.hasSuffix(".mp4") else { continue }
      // A picture that cannot be removed is no reason to fail.
      try? FileManager.default.removeItem(atPath: path + "/" + name)
    }
  }

  private func write(_ bytes: [UInt8], to name: String) throws(Failure) {
    if let handOn { return try handOn(name, bytes) }
    do {
      try Data(bytes).write(to: URL(filePath: path).appending(path: name), options: .atomic)
    } catch {
      let isFull = (error as? CocoaError)?.code == .fileWriteOutOfSpace
      throw Failure(
        .fault, code: isFull ? .reportDiskFull : .reportWrite,
        "\(path)/\(name) cannot be written: \(error)",
        remedy: "Free some space, or choose another folder.")
    }
  }
}
