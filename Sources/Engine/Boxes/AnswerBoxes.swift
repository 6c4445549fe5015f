import Grounding
import Media

/// The boxes and points of an answer, and what the reader should know about them.
public struct AnswerBoxes: Sendable, Equatable {
  /// The boxes, in the order of the answer.
  public private(set) var items: [AnswerBox] = []
  /// Notes on what was left out.
  public private(set) var notes: [String] = []

  /// The most boxes of an answer; there are at most as many in a document.
  static let limit = 1000

  /// No boxes.
  public init() {}

  /// The boxes in the text of an answer.
  ///
  /// - Parameters:
  ///   - text: the answer with its special tokens.
  ///   - coordinates: what the family's numbers count.
  ///   - sources: what was looked at.
  init(_ text: String, _ coordinates: BoxCoordinates, sources: [Source]) {
    guard !sources.isEmpty else { return }
    let findings = GroundingReader.read(text, limit: Self.limit)
    var outside = 0
    for finding in findings.items {
      guard let index = Self.source(of: finding.place, sources) else {
        items.append(
          AnswerBox(
            finding.kind, label: finding.label, numbers: finding.numbers, source: nil, pixels: nil))
        continue
      }
      let source = sources[index]
      let pixels = finding.pixels(
        own: (source.size.width, source.size.height),
        shown: (source.shown.width, source.shown.height), coordinates)
      guard let pixels else {
        outside += 1
        continue
      }
      items.append(
        AnswerBox(
          finding.kind, label: finding.label, numbers: finding.numbers, source: index,
          frame: Self.frame(of: finding.place, source), pixels: pixels))
    }
    note(findings, outside: outside, pictures: sources.count)
  }

  private mutating func note(_ findings: Findings, outside: Int, pictures: Int) {
    func boxes(_ count: Int) -> String { count == 1 ? "1 box" : "\(count) boxes" }
    func was(_ count: Int) -> String { count == 1 ? "was" : "were" }
    if findings.leftOut > 0 {
      notes.append(
        "The answer has \(boxes(findings.leftOut)) more than the \(Self.limit) that are listed.")
    }
    if findings.unreadable > 0 {
      let count = findings.unreadable
      notes.append(
        "\(boxes(count)) of the answer \(was(count)) left out: not four finite numbers, or two for a "
          + "point.")
    }
    if outside > 0 {
      notes.append(
        "\(boxes(outside)) of the answer \(was(outside)) left out: without area, or outside the "
          + "picture.")
    }
    let unknown = items.count { $0.source == nil }
    if unknown > 0 {
      notes.append(
        "\(boxes(unknown)) of the answer \(was(unknown)) not drawn: it does not say in which of the "
          + "\(pictures) pictures. Ask for a member “image” with the picture's number, from 1.")
    }
  }

  /// The source of a place: the only one, or that whose number or page the answer names.
  static func source(of place: FindingPlace, _ sources: [Source]) -> Int? {
    guard sources.count > 1 else { return sources.isEmpty ? nil : 0 }
    if let page = place.page {
      let indices = sources.indices.filter { sources[$0].page == page }
      if indices.count == 1 { return indices[0] }
    }
    guard let image = place.image, image >= 1, image <= sources.count else { return nil }
    return image - 1
  }

  /// The frame of a place in a video: that of the number, or the one nearest to the time.
  static func frame(of place: FindingPlace, _ source: Source) -> Source.Frame? {
    if let number = place.frame, number >= 1, number <= source.frames.count {
      return source.frames[number - 1]
    }
    guard let seconds = place.seconds else { return nil }
    return source.frames.min { abs($0.seconds - seconds) < abs($1.seconds - seconds) }
  }
}
