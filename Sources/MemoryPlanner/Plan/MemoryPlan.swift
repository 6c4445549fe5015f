import Compute
import Diagnostics
import Merging
import Models

/// How a question is computed within a memory budget.
public struct MemoryPlan: Sendable, Equatable {
  /// The budget; `nil` where nothing limits the process.
  public let budget: MemoryBudget?
  /// The memory of the process besides the work, in bytes.
  public let baseline: Int
  /// The memory that the work needs.
  public let cost: MemoryCost
  /// The factor on predictions: how much more than predicted was used before.
  public let margin: Double
  /// The merging, as planned.
  public let merging: ResolvedMerging
  /// The share of the pixels that are shown.
  public let pixelShare: Double
  /// The share of a video's frames that are shown.
  public let frameShare: Double
  /// Rows that an MLP takes at a time.
  public let rowsAtOnce: Int
  /// Whether keys and values are held in bf16 instead of f32.
  public let narrowsCache: Bool
  /// What was given up: first in the order of the ladder, then what was given up after the work began.
  public let adaptations: [Adaptation]

  /// A plan from its parts.
  public init(
    budget: MemoryBudget?, baseline: Int, cost: MemoryCost, margin: Double = 1,
    merging: ResolvedMerging, pixelShare: Double, frameShare: Double,
    rowsAtOnce: Int = ThreadTeam.maxRowsAtOnce, narrowsCache: Bool = false,
    adaptations: [Adaptation]
  ) {
    self.budget = budget
    self.baseline = baseline
    self.cost = cost
    self.margin = margin
    self.merging = merging
    self.pixelShare = pixelShare
    self.frameShare = frameShare
    self.rowsAtOnce = rowsAtOnce
    self.narrowsCache = narrowsCache
    self.adaptations = adaptations
  }

  /// The predicted peak memory of the process, in bytes.
  public var predicted: Int { corrected(uncorrected, margin) }

  /// The prediction by the cost model alone, in bytes.
  public var uncorrected: Int { baseline.addingClamped(cost.peak) }

  /// The predicted memory of the process in the language model if its caches take `cache` bytes: what is
  /// still allocated after the image encoder, and what prefill adds.
  public func predictedReading(cache: Int) -> Int {
    let parts = [
      baseline, cost.weights, cost.frames, cost.features, cost.scratch, cost.prefill, cache,
      cost.generation,
    ]
    return corrected(parts.clampedSum(), margin)
  }

  /// The plan with more adaptations that were made after it.
  public func adding(_ more: [Adaptation]) -> MemoryPlan {
    MemoryPlan(
      budget: budget, baseline: baseline, cost: cost, margin: margin, merging: merging,
      pixelShare: pixelShare, frameShare: frameShare, rowsAtOnce: rowsAtOnce,
      narrowsCache: narrowsCache, adaptations: adaptations + more)
  }
}
