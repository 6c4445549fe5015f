import Answers
import Basics
import Diagnostics
import Engine
import Merging
import Models

/// `merging.json`: what merging left of each segment of the first question. It may be large.
///
/// Members may be added within a version; readers ignore what they do not know.
public struct MergingDocument: Sendable, Encodable {
  /// The document's name beside `answer.json`.
  public static let fileName = "merging.json"

  /// The version of this document's shape.
  let version = 1
  /// The id of the job.
  let job: String
  /// The segments, in the order of the prompt.
  let segments: [Segment]
  /// What every merging layer left of each segment, or of each run, in order.
  let steps: [Step]
  /// What was left in the end.
  let runs: [Run]
  /// Rows in the cache of each layer of the language model after the prompt was read.
  let cacheLengths: [Int]

  private enum CodingKeys: String, CodingKey {
    case version, job, segments, steps, runs
    case cacheLengths = "kv_lengths"
  }

  /// A picture, a tile of one, or the frames of a video that share their patches.
  struct Segment: Sendable, Encodable {
    /// The index of the file in `media` of `answer.json`.
    let medium: Int
    /// The index of the first picture or frame that was looked at.
    let first: Int
    /// How many share their patches.
    let count: Int
    /// Groups of patches from left to right.
    let across: Int
    /// Groups of patches from top to bottom.
    let down: Int
    /// The groups that were computed for it, row by row from the top left; left out where all were.
    let computed: [Int]?
  }

  /// A merging layer.
  struct Step: Sendable, Encodable {
    /// `vit` or `llm`.
    let stage: String
    /// The layer, from 0.
    let layer: Int
    /// What was left of each segment in the image encoder, of each run in the language model.
    let after: [Int]
  }

  /// Segments whose tokens the language model merged together.
  struct Run: Sendable, Encodable {
    /// The index of its first segment.
    let first: Int
    /// The number of its segments.
    let count: Int
    /// The visual tokens that were left, by their place in the run as it was before merging.
    let survivors: [Int]
  }

  /// The merging of an answer.
  public init(_ answer: Answer, job: String) {
    self.job = job
    segments = answer.segments.enumerated().map { index, segment in
      Segment(
        medium: segment.source, first: segment.view.images.lowerBound,
        count: segment.view.images.count, across: segment.grid.groupsAcross,
        down: segment.grid.groupsDown,
        computed: answer.computed.indices.contains(index) ? answer.computed[index] : nil)
    }
    steps = answer.steps.map {
      Step(stage: $0.stage.rawValue, layer: $0.layer, after: $0.after)
    }
    runs = zip(answer.runs, answer.survivors).map {
      Run(first: $0.segments.lowerBound, count: $0.segments.count, survivors: $1)
    }
    cacheLengths = answer.cacheLengths
  }

  /// The document as JSON on one line, keys in alphabetical order.
  public func json() throws(Failure) -> String { try JSONText.encode(self, isIndented: false) }
}
