import Diagnostics

/// Looks at logits before anything is chosen from them.
enum LogitCheck {
  /// Refuses logits that are no numbers, because any answer chosen from them would be made up.
  ///
  /// - Throws: `model.not-numbers`.
  static func check(_ logits: [Float]) throws(Failure) {
    guard !logits.allSatisfy({ $0.isFinite }) else { return }
    throw Failure(
      .modelUnusable, code: .modelNotNumbers,
      "the model computes infinities or what is no number, so its weights or its files are damaged",
      remedy: "Download the model again.")
  }
}
