import Basics
import Diagnostics
import Models
import Options

/// Explains why work does not fit, part by part, and whether it ever can.
public struct MemoryRefusal {
  /// The least memory that the work needs, by part.
  public var cost: MemoryCost
  /// Bytes of the process besides the work.
  public var baseline: Int
  /// The factor on predictions.
  public var margin: Double
  /// The precision that holds the weights in fewer bits, if there is one.
  public var smaller: WeightPrecision?

  /// A refusal of work of this size.
  public init(cost: MemoryCost, baseline: Int, margin: Double, smaller: WeightPrecision?) {
    self.cost = cost
    self.baseline = baseline
    self.margin = margin
    self.smaller = smaller
  }

  /// The least memory needed, in bytes.
  public var needed: Int { corrected(baseline.addingClamped(cost.peak), margin) }

  /// The failure: `memory.never` where the ceiling is too low, otherwise `memory.now`.
  ///
  /// - Parameters:
  ///   - budget: the memory that may be used now.
  ///   - ceiling: the budget if no other process used memory.
  public func failure(budget: MemoryBudget, ceiling: MemoryBudget?) -> Failure {
    let parts = (cost.parts + [("the program itself", baseline)])
      .filter { $0.bytes > needed / 50 }
      .map { "\($0.name) \(ByteCount.memory($0.bytes))" }.joined(separator: ", ")
    let need = "needs \(ByteCount.memory(needed)) at the least (\(parts))"
    // Weights in fewer bits help where the weights take most of the memory.
    let fewerBits = cost.weights > needed / 2 ? smaller.map { "\($0.rawValue) weights" } : nil
    if let ceiling, needed > ceiling.bytes {
      return Failure(
        .outOfMemory, code: .memoryNever,
        "\(need), the limit is \(ByteCount.memory(ceiling.bytes)) (\(ceiling.ceilingName))",
        remedy: (fewerBits.map { "Use \($0) or " } ?? "Use ")
          + "a smaller model, or raise the limit.")
    }
    return Failure(
      .outOfMemory, code: .memoryNow,
      "\(need), but \(ByteCount.memory(budget.bytes)) may be held now (\(budget.origin))",
      remedy: "Try again when other programs hold less, or use "
        + (cost.peak > cost.weights
          ? "a smaller picture or fewer frames"
          : (fewerBits.map { "\($0) or " } ?? "") + "a smaller model") + ".")
  }
}
