import MemoryPlanner
import Merging
import Models

/// A memory plan for people and for programs.
public struct PlanDocument: Sendable, Codable {
  /// A part of the cost.
  struct Part: Sendable, Codable {
    let name: String
    let bytes: Int
  }

  let budget: Int?
  let budgetOrigin: String?
  let predicted: Int
  let process: Int
  let parts: [Part]
  let visionRetention: Double?
  let textRetention: Double?
  let pixelShare: Double
  let frameShare: Double
  let adaptations: [Adaptation]

  private enum CodingKeys: String, CodingKey {
    case budget, predicted, process, parts, adaptations
    case budgetOrigin = "budget_origin"
    case visionRetention = "illava_vit_r"
    case textRetention = "illava_llm_r"
    case pixelShare = "pixel_share"
    case frameShare = "frame_share"
  }

  /// What a plan says.
  public init(_ plan: MemoryPlan) {
    budget = plan.budget?.bytes
    budgetOrigin = plan.budget?.origin
    predicted = plan.predicted
    process = plan.baseline
    parts = plan.cost.parts.map { Part(name: $0.name, bytes: $0.bytes) }
    visionRetention =
      plan.merging.vision.layers.isEmpty ? nil : plan.merging.vision.retention.value
    textRetention = plan.merging.text.layers.isEmpty ? nil : plan.merging.text.retention.value
    pixelShare = plan.pixelShare
    frameShare = plan.frameShare
    adaptations = plan.adaptations
  }

  /// The plan as lines of text.
  public var words: String {
    var lines = ["needs at most \(ByteCount.text(predicted)), of which"]
    lines += (parts + [Part(name: "the program itself", bytes: process)])
      .filter { $0.bytes > 0 }
      .map { "  \($0.name): \(ByteCount.text($0.bytes))" }
    if let budget, let budgetOrigin {
      lines.append("may hold \(ByteCount.text(budget)): \(budgetOrigin)")
    } else {
      lines.append("nothing limits it")
    }
    lines += adaptations.isEmpty ? ["fits as asked"] : adaptations.map(\.words)
    return lines.joined(separator: "\n") + "\n"
  }
}
