import Basics
import Diagnostics
import MemoryPlanner
import Merging
import Models
import Options

/// Looks at the memory again while a question is computed: others may have taken what was free when
/// it was planned. What can still be given up then is what the LLM keeps.
final class SecondLook: RetentionPolicy {
  /// What was given up on the way, in order.
  private(set) var adaptations: [Adaptation] = []

  private let reader: BudgetReader
  private let rules: MemoryRules
  private let plan: MemoryPlan
  /// Bytes of all caches at the least that may still be kept.
  private var minCache: Int

  /// Percent of ten seconds in which everything waited for memory: from here on the machine is as
  /// good as stopped by reclaiming, whatever it reports as free.
  static let maxPressure = 10.0

  /// A plan may use its budget to the last byte, and what is free goes up and down by some MiB all
  /// the time. Predictions hold about this much that was not seen to be used.
  private static let slack = ProcessMemory.allowance / 2

  init(reader: BudgetReader, rules: MemoryRules, plan: MemoryPlan) {
    self.reader = reader
    self.rules = rules
    self.plan = plan
    minCache = plan.cost.cache
  }

  /// The share that the LLM's merging layers are to keep, as far as it is known before its first.
  ///
  /// - Parameter cache: bytes of all caches for a share.
  /// - Returns: the planned merging, or one that keeps less.
  /// - Throws: `memory.now` when what is left to do does not fit even at the floor: its buffers are
  ///   still to come, and waiting costs less than dying of them.
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

  /// Looks before each layer: its cache is memory that nobody has touched yet.
  ///
  /// - Throws: `memory.now` when the rest does not fit even at the floor.
  func goOn() throws(Failure) {
    try check(plan.predictedReading(cache: minCache))
  }

  /// The share that a merging layer of the LLM and those after it are to keep.
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
    // A floor that was computed from the same shares may differ in the last bit: nothing is given up.
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
