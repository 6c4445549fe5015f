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
    let visual = encoded.runCounts.reduce(0, +)
    let count = prompt.ids.count - prompt.visualTokens + visual
    let hidden = try Matrix(rows: count, columns: hiddenSize)
    var tokens: [Int] = []
    tokens.reserveCapacity(count)
    var ranges: [Range<Int>] = []
    var survivors: [[Int]] = []
    var sizes: [[Float]] = []
    var fixed: [[Bool]] = []
    func text(_ range: Range<Int>) {
      for token in range {
        embedding.copyRow(Int(prompt.ids[token]), to: hidden.view.row(tokens.count))
        tokens.append(token)
      }
    }
    var next = 0
    for (number, run) in prompt.runs.enumerated() {
      text(next..<run.tokens.lowerBound)
      let start = tokens.count
      let first = run.tokens.lowerBound
      let parts = encoded.segments[run.segments]
      let left: [Int]
      var row = start
      if encoded.packed.isEmpty {
        left = Self.left(of: parts, groups: prompt.groups[run.segments])
        for part in parts {
          hidden[rows: row..<row + part.count].copy(from: part.embeddings)
          row += part.count
        }
        sizes.append(Self.sizes(of: parts))
      } else {
        let packed = encoded.packed[number]
        left = packed.places
        row += left.count
        hidden[rows: start..<row].copy(from: packed.tokens.view)
        sizes.append(packed.sizes)
        fixed.append(packed.isFixed)
      }
      tokens +=
        merging.profile.truncatesPositions
        ? left.indices.map { first + $0 } : left.map { first + $0 }
      ranges.append(start..<row)
      survivors.append(left)
      next = run.tokens.upperBound
    }
    text(next..<prompt.ids.count)
    self.hidden = hidden
    self.tokens = tokens
    rows = SegmentedRows(
      ranges: ranges, survivors: survivors, count: count, sizes: sizes, fixed: fixed)
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

  /// How many groups each token of a run stands for; empty where every token stands for one.
  private static func sizes(of segments: ArraySlice<EncodedSegment>) -> [Float] {
    segments.allSatisfy(\.sizes.isEmpty)
      ? []
      : segments.flatMap { $0.sizes.isEmpty ? Array(repeating: 1, count: $0.count) : $0.sizes }
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
