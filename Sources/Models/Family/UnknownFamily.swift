import Basics
import Diagnostics

/// A `model_type` that no family has.
struct UnknownFamily {
  let type: String
  /// Whether the configuration has an image encoder.
  let hasVision: Bool
  let known: [ModelFamily]

  /// What to say about it.
  ///
  /// - Parameter file: the configuration's path.
  func failure(file: String) -> Failure {
    let isText = !hasVision && known.allSatisfy { $0.refused[type] == nil }
    return Failure(
      .modelUnusable, code: .modelFamily,
      "\(file): models of the type “\(type)” cannot be run"
        + (isText ? ": it names no image encoder (vision_config)" : ""),
      remedy: remedy)
  }

  private var remedy: String {
    if let known = known.lazy.compactMap({ $0.refused[type] }).first { return known }
    let types = known.flatMap(\.modelTypes).sorted()
    let nearest = NearestName.name(to: type, among: types)
    return
      "Use a dense Qwen3.5, Qwen3-VL, Qwen2.5-VL or Qwen2-VL model, InternVL 2.5 or 3, or LLaVA-OneVision "
      + "(supported: \(types.joined(separator: ", "))\(nearest.map { "; the nearest is \($0)" } ?? ""))."
  }
}
