import Basics
import Diagnostics
import MemoryPlanner
import Merging
import Models
import Options

/// Checks the memory again while a question is computed, because other processes may have taken what was
/// free when it was planned. At that time only the LLM's retention can still be lowered.
final class SecondLook: RetentionPolicy {
  /// What was given up after the work began, in order.
  private(set) var adaptations: [Adaptation] = []

  private let reader: BudgetReader
  private let rules: MemoryRules
  private let plan: MemoryPlan
  /// The least bytes of all caches that may still be kept.
  private var minCache: Int

  /// Percent of ten seconds in which every process waited for memory: above this, reclaiming has nearly
  /// stopped the machine, whatever it reports as free.
  static let maxPressure = 10.0

  /// A plan may use its budget to the last byte, and free memory varies by some MiB all the time.
  /// Predictions include about this much that was not seen to be used.
  private static let slack = ProcessMemory.allowance / 2

  init(reader: BudgetReader, rules: MemoryRules, plan: MemoryPlan) {
    self.reader = reader
    self.rules = rules
    self.plan = plan
    minCache = plan.cost.cache
  }

  /// The merging for prefill, with the LLM's retention lowered if memory requires it already now.
  ///
  /// - Parameter cache: the bytes that all caches take at a given share.
  /// - Returns: the planned merging, or one that keeps less.
  /// - Throws: `memory.now` when the rest of the work does not fit even at the floor. Its buffers are
  ///   not allocated yet, and waiting costs less than being killed for want of memory.
  func beforeReading(cache: (Double) -> Int) throws(Failure) -> ResolvedMerging {
    var merging = plan.merging
    guard case .share(let share) = merging.text.retention, !merging.text.layers.isEmpty else {
      try check(plan.predictedReading(cache: plan.cost.cache))
      return merging
    }
    minCache = cache(min(share, rules.floors.textFloor(merging)))
    let lower = look(layer: nil, share: share, cache: cache)
    try check(plan.predictedReading(cache: cache(lower)))
    merging.text.retention = .share(lower)
    return merging
  }

  /// Checks before each layer, because its cache is memory that has not been touched yet.
  ///
  /// - Throws: `memory.now` when the rest does not fit even at the floor.
  func goOn() throws(Failure) {
    try check(plan.predictedReading(cache: minCache))
  }

  /// The share that a merging layer of the LLM and those after it keep.
  func share(before layer: Int, planned: Double, cache: (Double) -> Int) -> Double {
    look(layer: layer, share: planned, cache: cache)
  }

  private func check(_ needed: Int) throws(Failure) {
    guard let budget = reader.budget(rules), needed - Self.slack > budget.bytes else { return }
    throw Failure(
      .outOfMemory, code: .memoryNow,
      "needs \(ByteCount.memory(needed)) to go on behind the image encoder, but "
        + "\(ByteCount.memory(budget.bytes)) may be held now (\(budget.origin)): others took memory "
        + "meanwhile",
      remedy: "Try again when other programs hold less, or use a smaller picture or fewer frames.")
  }

  private func look(layer: Int?, share: Double, cache: (Double) -> Int) -> Double {
    let floor = min(share, rules.floors.textFloor(plan.merging))
    let (lower, cause) = chosen(share, floor, cache)
    // A floor computed from the same shares may differ in the last bit: then nothing is given up.
    guard let cause, share - lower > 1e-9 else { return share }
    adaptations.append(
      Adaptation(rung: .textRetention, from: share, to: lower, layer: layer, cause: cause))
    return lower
  }

  private func chosen(
    _ share: Double, _ floor: Double, _ cache: (Double) -> Int
  ) -> (Double, Adaptation.Cause?) {
    if let pressure = reader.pressure(), pressure > Self.maxPressure { return (floor, .pressure) }
    guard let budget = reader.budget(rules) else { return (share, nil) }
    func fits(_ share: Double) -> Bool {
      plan.predictedReading(cache: cache(share)) - Self.slack <= budget.bytes
    }
    if fits(share) { return (share, nil) }
    guard fits(floor) else { return (floor, .shrunk) }
    var (low, high) = (floor, share)
    for _ in 0..<10 {
      let middle = (low + high) / 2
      if fits(middle) { low = middle } else { high = middle }
    }
    return (low, .shrunk)
  }
}
