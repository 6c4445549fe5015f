import Compute
import Diagnostics
import Merging
import Models
import Options

/// Fits a question into a budget by going down a ladder. What costs least quality comes first: what is kept
/// of films, rows at a time, KV cache precision, what the LLM keeps, what the ViT keeps, pixels, frames. The cost never
/// grows when one of them shrinks, so bisection finds the largest share of each rung that fits.
public struct MemoryPlanner {
  /// The size of the work for given shares of the pixels and of the frames.
  public typealias Shape =
    (_ pixelShare: Double, _ frameShare: Double) throws(Failure) -> WorkShape

  private let costs: CostModel
  private let threads: Int
  private let baseline: Int
  private let floors: MemoryFloors
  private let margin: Double

  /// The least share of the rows that an MLP computes at a time. Below 128 rows, converting weights to
  /// f32 would take most of the time.
  private static let minRows = 0.25

  /// - Parameters:
  ///   - baseline: bytes of the process besides weights and work.
  ///   - floors: how far the ladder goes.
  ///   - margin: the factor on predictions, at least 1: how much more than predicted this model was seen
  ///     to use.
  public init(
    _ costs: CostModel, threads: Int, baseline: Int, floors: MemoryFloors,
    margin: Double = 1
  ) {
    self.costs = costs
    self.threads = threads
    self.baseline = baseline
    self.floors = floors
    self.margin = margin.isFinite ? max(1, margin) : 1
  }

  /// Plans a question.
  ///
  /// - Parameters:
  ///   - budget: the memory that may be used now; `nil` for no limit.
  ///   - ceiling: the budget if no other process used memory; decides between waiting and giving up.
  ///   - target: bytes to stay within as far as the ladder allows; where it does not, only the budget
  ///     counts. For another attempt after one that ran out of memory.
  ///   - hasVideo: whether frames can be left out.
  ///   - shape: the work's size for given shares of pixels and frames.
  /// - Throws: `memory.never` when the floors need more than the ceiling, `memory.now` when they need
  ///   more than the budget only.
  public func plan(
    _ merging: ResolvedMerging, budget: MemoryBudget?, ceiling: MemoryBudget?,
    target: Int? = nil, hasVideo: Bool, shape: Shape
  ) throws(Failure) -> MemoryPlan {
    let asked = State(merging: merging)
    let hard = budget?.bytes ?? .max
    let bytes = min(hard, target ?? .max)
    let isUnlimited = bytes == .max
    if try isUnlimited ? true : predicted(asked, shape) <= bytes {
      return try finish(asked, asked, budget, [], shape)
    }
    let rungs = rungs(merging, hasVideo: hasVideo)
    var state = asked
    // Go down the ladder and lower each rung as far as that helps; then once more, because a rung that
    // did not help before may help beside the others.
    for isLast in [false, true] {
      for rung in rungs {
        try lower(&state, rung, to: bytes, whateverHelps: isLast, shape)
        if try predicted(state, shape) <= bytes {
          return try finish(state, asked, budget, rungs, shape)
        }
      }
    }
    guard let budget, try predicted(state, shape) > hard else {
      return try finish(state, asked, budget, rungs, shape)
    }
    throw MemoryRefusal(
      cost: try cost(state, shape), baseline: baseline, margin: margin,
      smaller: costs.weights.smallerPrecision
    ).failure(budget: budget, ceiling: ceiling)
  }

  /// Lowers a rung to the largest share that fits. Where none fits: to the largest share that takes as
  /// little memory as the floor, because going lower would gain nothing (for example, what the LLM keeps
  /// does not matter where the image encoder needs most), or to the floor itself.
  private func lower(
    _ state: inout State, _ rung: Adaptation.Rung, to bytes: Int, whateverHelps: Bool,
    _ shape: Shape
  ) throws(Failure) {
    let from = state[rung]
    var lowest = state
    lowest[rung] = min(from, floor(rung, state.merging))
    guard lowest[rung] < from else { return }
    let least = try predicted(lowest, shape)
    if least > bytes, whateverHelps {
      state = lowest
    } else if try predicted(state, shape) > max(bytes, least) {
      state[rung] = try largest(
        rung, from: lowest[rung], to: from, state, max(bytes, least), shape)
    }
  }

  /// The current share of each rung.
  private struct State {
    var merging: ResolvedMerging
    var pixels = 1.0
    var frames = 1.0
    var rows = 1.0
    var cache = 1.0
    var reuse = 1.0

    /// The merging as it is computed. What is kept of a film is only known for the film as asked for.
    var computed: ResolvedMerging {
      var result = merging
      if reuse < 1 || pixels < 1 || frames < 1 { result.films = nil }
      return result
    }

    /// Rows that an MLP takes at a time.
    var rowsAtOnce: Int { Int((Double(ThreadTeam.maxRowsAtOnce) * rows).rounded(.down)) }

    init(merging: ResolvedMerging) { self.merging = merging }

    subscript(rung: Adaptation.Rung) -> Double {
      get {
        switch rung {
        case .filmReuse: reuse
        case .rowsAtOnce: rows
        case .cachePrecision: cache
        case .textRetention: merging.text.retention.value
        case .visionRetention: merging.vision.retention.value
        case .pixels: pixels
        case .frames: frames
        }
      }
      set {
        switch rung {
        // A film is reused or not.
        case .filmReuse: reuse = newValue < 1 ? 0 : 1
        case .rowsAtOnce: rows = newValue
        // There is no precision between f32 and bf16.
        case .cachePrecision: cache = newValue < 1 ? 0.5 : 1
        case .textRetention: merging.text.retention = .share(newValue)
        case .visionRetention: merging.vision.retention = .share(newValue)
        case .pixels: pixels = newValue
        case .frames: frames = newValue
        }
      }
    }
  }

  /// The rungs that apply to this question. Retention is only lowered where it was asked for as a share.
  /// The published code does not keep exactly the share it is given, so its ViT is left alone.
  private func rungs(_ merging: ResolvedMerging, hasVideo: Bool) -> [Adaptation.Rung] {
    func isShare(_ stage: MergeStage) -> Bool {
      if case .share = stage.retention { return !stage.layers.isEmpty }
      return false
    }
    return Adaptation.Rung.allCases.filter { rung in
      switch rung {
      case .textRetention: isShare(merging.text)
      case .visionRetention:
        isShare(merging.vision) && !merging.profile.keepsGroupsOfAnyPatch
      case .filmReuse: merging.films != nil && hasVideo
      case .pixels, .rowsAtOnce: true
      case .cachePrecision: costs.weights.cacheType == .f32
      case .frames: hasVideo
      }
    }
  }

  private func floor(_ rung: Adaptation.Rung, _ merging: ResolvedMerging) -> Double {
    switch rung {
    case .filmReuse: 0
    case .rowsAtOnce: Self.minRows
    case .cachePrecision: 0.5
    case .textRetention: floors.textFloor(merging)
    case .visionRetention: floors.visionFloor(merging)
    case .pixels: floors.pixels
    case .frames: floors.frames
    }
  }

  /// The largest share of a rung that fits; `low` fits, `high` does not.
  private func largest(
    _ rung: Adaptation.Rung, from low: Double, to high: Double, _ state: State, _ bytes: Int,
    _ shape: Shape
  ) throws(Failure) -> Double {
    var (low, high) = (low, high)
    var state = state
    // Ten halvings of at most 0.75 end below a thousandth: less than one token of a large image.
    for _ in 0..<10 {
      state[rung] = (low + high) / 2
      if try predicted(state, shape) <= bytes {
        low = state[rung]
      } else {
        high = state[rung]
      }
    }
    return low
  }

  private func cost(_ state: State, _ shape: Shape) throws(Failure) -> MemoryCost {
    var work = try shape(state.pixels, state.frames)
    work.rowsAtOnce = state.rowsAtOnce
    work.narrowsCache = state.cache < 1
    return costs.memory(of: work, merging: state.computed, threads: threads)
  }

  private func predicted(_ state: State, _ shape: Shape) throws(Failure) -> Int {
    corrected(baseline.addingClamped(try cost(state, shape).peak), margin)
  }

  private func finish(
    _ state: State, _ asked: State, _ budget: MemoryBudget?, _ rungs: [Adaptation.Rung],
    _ shape: Shape
  ) throws(Failure) -> MemoryPlan {
    let adaptations = rungs.filter { state[$0] < asked[$0] }.map {
      Adaptation(rung: $0, from: asked[$0], to: state[$0])
    }
    return MemoryPlan(
      budget: budget, baseline: baseline, cost: try cost(state, shape), margin: margin,
      merging: state.computed, pixelShare: state.pixels, frameShare: state.frames,
      rowsAtOnce: state.rowsAtOnce, narrowsCache: state.cache < 1, adaptations: adaptations)
  }
}

/// A prediction times a margin of at least 1, capped at the largest number.
func corrected(_ bytes: Int, _ margin: Double) -> Int {
  let product = Double(bytes) * margin
  return margin > 1 ? (product < 0x1p62 ? Int(product) : .max) : bytes
}
