import Compute
import Merging

/// The size of a question before it is computed: everything that its memory depends on.
public struct WorkShape: Sendable, Equatable {
  /// The grid of every segment.
  public var grids: [PatchGrid] = []
  /// The segments whose tokens the language model merges together.
  public var runs: [Range<Int>] = []
  /// The groups of films that are computed, where they are reused.
  public var films = FilmPlan(segments: 0)
  /// The groups of every segment that are padding.
  public var padding: [Int] = []
  /// How the tokens of each run lie in the prompt; empty where they are those of the segments.
  public var packings: [RunPacking] = []
  /// Bytes of the images and frames as the model sees them.
  public var frameBytes = 0
  /// Bytes that decoding the media takes.
  public var decodingBytes = 0
  /// Bytes that drawing the report's pictures takes once the question is answered.
  public var drawingBytes = 0
  /// Tokens of the prompt that are not visual.
  public var textTokens: Int
  /// The most tokens that may be generated.
  public var newTokens: Int
  /// Rows that an MLP computes at a time.
  public var rowsAtOnce = ThreadTeam.maxRowsAtOnce
  /// Whether keys and values are held in bf16 even where the model would hold them in f32.
  public var narrowsCache = false
  /// Whether several answers are tried, so that the states of recurrences are kept once more.
  public var goesBack = false
  /// Whether other questions about the same media follow, so that the states of recurrences after the
  /// visual tokens are kept as well.
  public var keepsBeginning = false

  /// The shape of a question without images.
  public init(textTokens: Int, newTokens: Int) {
    self.textTokens = textTokens
    self.newTokens = newTokens
  }

  /// The shape of a question whose prompt is known.
  public init(_ prompt: Prompt, frameBytes: Int, newTokens: Int) {
    self.init(textTokens: prompt.ids.count - prompt.visualTokens, newTokens: newTokens)
    grids = prompt.segments.map(\.grid)
    runs = prompt.runs.map(\.segments)
    padding = prompt.segments.map(\.view.padding)
    packings = prompt.runs.compactMap(\.packing)
    self.frameBytes = frameBytes
  }

  /// Adds an image or a video.
  ///
  /// - Parameter frames: frames of a video; 1 for an image.
  public mutating func add(_ layout: MediaLayout, frames: Int) {
    runs += layout.runs.map { $0.lowerBound + grids.count..<$0.upperBound + grids.count }
    grids += layout.views.map(\.grid)
    padding += layout.views.map(\.padding)
    packings += layout.packings
    frameBytes += layout.bytes(frames: frames)
  }

  /// How many groups of a segment are computed.
  func computed(of segment: Int, _ merging: ResolvedMerging) -> Int {
    guard merging.films != nil, films.computed.indices.contains(segment),
      let groups = films.computed[segment]
    else { return grids[segment].groups }
    return groups.count
  }

  /// The films that are reused.
  func films(_ merging: ResolvedMerging) -> [Range<Int>] {
    merging.films == nil ? [] : films.films.filter { $0.upperBound <= grids.count }
  }

  /// Visual tokens before merging.
  public var visualTokens: Int {
    isPacked ? packings.reduce(0) { $0 + $1.tokens } : grids.reduce(0) { $0 + $1.groups }
  }

  /// Whether every run is packed; a family packs all of them or none.
  var isPacked: Bool { !packings.isEmpty && packings.count == runs.count }
}
