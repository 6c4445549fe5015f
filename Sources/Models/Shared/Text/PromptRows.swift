import Compute
import Diagnostics
import Merging

/// The input rows of a language model: embeddings of the text, and the visual tokens that the image
/// encoder left of every run.
struct PromptRows {
  /// `[rows, hidden]`.
  let hidden: Matrix
  /// The runs of visual tokens and their rows in `hidden`; text is between them.
  let rows: SegmentedRows
  /// For each row, the token of the unmerged prompt that it has the position of, `[rows]`.
  let tokens: [Int]
  /// DeepStack features of the image encoder, `[visual tokens, hidden]` each.
  let features: [Matrix]

  init(
    _ encoded: EncodedQuestion, embedding: LayerWeights, hiddenSize: Int, merging: ResolvedMerging
  ) throws(Failure) {
    let prompt = encoded.prompt
    let visual = encoded.segments.reduce(0) { $0 + $1.count }
    let count = prompt.ids.count - prompt.visualTokens + visual
    let hidden = try Matrix(rows: count, columns: hiddenSize)
    var tokens: [Int] = []
    tokens.reserveCapacity(count)
    var ranges: [Range<Int>] = []
    var survivors: [[Int]] = []
    var sizes: [[Float]] = []
    func text(_ range: Range<Int>) {
      for token in range {
        embedding.copyRow(Int(prompt.ids[token]), to: hidden.view.row(tokens.count))
        tokens.append(token)
      }
    }
    var next = 0
    for run in prompt.runs {
      text(next..<run.tokens.lowerBound)
      let start = tokens.count
      let parts = encoded.segments[run.segments]
      let left = Self.left(of: parts, groups: prompt.groups[run.segments])
      let first = run.tokens.lowerBound
      var row = start
      for part in parts {
        hidden[rows: row..<row + part.count].copy(from: part.embeddings)
        row += part.count
      }
      tokens +=
        merging.profile.truncatesPositions
        ? left.indices.map { first + $0 } : left.map { first + $0 }
      ranges.append(start..<row)
      survivors.append(left)
      sizes.append(
        parts.allSatisfy(\.sizes.isEmpty)
          ? []
          : parts.flatMap { $0.sizes.isEmpty ? Array(repeating: 1, count: $0.count) : $0.sizes })
      next = run.tokens.upperBound
    }
    text(next..<prompt.ids.count)
    self.hidden = hidden
    self.tokens = tokens
    rows = SegmentedRows(ranges: ranges, survivors: survivors, count: count, sizes: sizes)
    features = try Self.gather(encoded.segments)
  }

  /// The surviving groups of a run's segments, by their place in the unmerged run.
  private static func left(
    of segments: ArraySlice<EncodedSegment>, groups: ArraySlice<Int>
  ) -> [Int] {
    var left: [Int] = []
    var before = 0
    for (segment, count) in zip(segments, groups) {
      left += segment.survivors.map { before + $0 }
      before += count
    }
    return left
  }

  private static func gather(_ segments: [EncodedSegment]) throws(Failure) -> [Matrix] {
    guard let first = segments.first else { return [] }
    let tokens = segments.reduce(0) { $0 + $1.count }
    var gathered: [Matrix] = []
    for index in first.features.indices {
      let features = try Matrix(rows: tokens, columns: first.embeddings.columns)
      var row = 0
      for segment in segments {
        features[rows: row..<row + segment.count].copy(
          from: segment.features[index][rows: segment.rows])
        row += segment.count
      }
      gathered.append(features)
    }
    return gathered
  }
}
