import Merging

/// The groups of a question's segments that the image encoder computes: all groups, except where the
/// frames of a film stand still. It follows from pixels alone, so it is known before anything is computed.
public struct FilmPlan: Sendable, Equatable {
  /// The segments of each film of which some groups are not computed again.
  public let films: [Range<Int>]
  /// For each segment the groups that are computed, ascending; `nil` for all.
  public let computed: [[Int]?]

  /// A plan that computes everything.
  public init(segments: Int) {
    films = []
    computed = Array(repeating: nil, count: segments)
  }

  /// The plan for a question's segments.
  ///
  /// - Parameter reuse: how films are reused; `nil` to compute everything.
  public init(_ question: Question, _ shape: VisionShape, _ reuse: FilmReuse?) {
    let segments = question.segments
    var films: [Range<Int>] = []
    var computed: [[Int]?] = Array(repeating: nil, count: segments.count)
    // Windows would need the kept rows of each window.
    if let reuse, shape.windows == nil {
      for film in Self.films(of: segments) {
        let visual = question.visuals[segments[film.lowerBound].source]
        guard visual.images.indices.contains(film, of: segments) else { continue }
        let changes = FilmChanges(
          frames: segments[film].map { Array(visual.images[$0.view.images]) },
          view: segments[film.lowerBound].view, patchSize: shape.patchSize)
        let groups = changes.computed(reuse)
        guard groups.contains(where: { $0 != nil }) else { continue }
        computed.replaceSubrange(film, with: groups)
        films.append(film)
      }
    }
    self.films = films
    self.computed = computed
  }

  /// The runs of segments that show the same part of one video after another.
  private static func films(of segments: [Segment]) -> [Range<Int>] {
    var films: [Range<Int>] = []
    for (index, segment) in segments.enumerated() where segment.isVideo {
      guard segment.view.padding == 0 else { continue }
      if let last = films.last, last.upperBound == index,
        segments[last.lowerBound].continues(segment)
      {
        films[films.count - 1] = last.lowerBound..<index + 1
      } else {
        films.append(index..<index + 1)
      }
    }
    return films.filter { $0.count > 1 }
  }

  /// The film that a segment belongs to.
  func film(of segment: Int) -> Range<Int>? { films.first { $0.contains(segment) } }
}

extension Segment {
  /// Whether the other segment shows the same part of the same source.
  fileprivate func continues(_ other: Segment) -> Bool {
    source == other.source && view.x == other.view.x && view.y == other.view.y
      && view.grid == other.view.grid
  }
}

extension Range<Int> {
  /// Whether the images of all these segments are among the indices.
  fileprivate func contains(_ film: Range<Int>, of segments: [Segment]) -> Bool {
    segments[film].allSatisfy {
      !$0.view.images.isEmpty && $0.view.images.lowerBound >= lowerBound
        && $0.view.images.upperBound <= upperBound
    }
  }
}
