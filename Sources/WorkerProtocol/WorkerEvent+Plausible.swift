import Answers
import Diagnostics

/// A worker reads files from any source, and one of them may have taken it over. So the daemon trusts
/// neither the range of its numbers nor the length of its texts.
extension WorkerEvent {
  /// The same event with every number clamped to its range and every text cut to a readable length.
  public var plausible: WorkerEvent {
    switch self {
    case .opened(var model):
      model.name = text(model.name, 256)
      model.path = text(model.path, 4096)
      model.family = model.family.map { text($0, 64) }
      model.digest = model.digest.map { text($0, 128) }
      model.weights = model.weights.map { text($0, 16) }
      return .opened(model)
    case .progress(var progress):
      progress.stage = text(progress.stage, 64)
      progress.share = progress.share.isFinite ? min(1, max(0, progress.share)) : 0
      progress.prompts = min(1 << 20, max(0, progress.prompts))
      progress.prompt = min(1 << 20, max(0, progress.prompt))
      return .progress(progress)
    case .text(var piece):
      piece.prompt = min(1 << 20, max(0, piece.prompt))
      piece.text = text(piece.text, 1 << 16)
      return .text(piece)
    case .planned(var plan):
      plan.predicted = count(plan.predicted)
      plan.uncorrected = count(plan.uncorrected)
      plan.budget = plan.budget.map(count)
      plan.adaptations = plan.adaptations.prefix(100).map { text($0, 1000) }
      return .planned(plan)
    case .done(var summary):
      summary.answer = text(summary.answer, 1000)
      summary.ending = summary.ending.map { text($0, 64) }
      summary.peakMemory = count(summary.peakMemory)
      summary.predictedMemory = summary.predictedMemory.map(count)
      summary.memoryBudget = summary.memoryBudget.map(count)
      summary.adaptations = summary.adaptations?.prefix(100).map { text($0, 1000) }
      summary.warnings = WorkerSummary.listed(summary.warnings ?? [])
      summary.notes = WorkerSummary.listed(summary.notes ?? [])
      summary.seconds = summary.seconds.filter { $0.key.utf8.count <= 64 && $0.value.isFinite }
        .mapValues { min(1e9, max(0, $0)) }
      summary.visualTokens = count(summary.visualTokens)
      summary.visualTokensLeft = count(summary.visualTokensLeft)
      return .done(summary)
    case .failed(var error):
      error.code = FailureCode(rawValue: text(error.code.rawValue, 64))
      error.message = text(error.message, 4000)
      error.remedy = error.remedy.map { text($0, 1000) }
      return .failed(error)
    case .ready(var cage):
      cage.parts = cage.parts.prefix(20).map { text($0, 200) }
      cage.missing = cage.missing.prefix(20).map { text($0, 200) }
      return .ready(cage)
    case .file, .cancelled: return self
    }
  }

  /// A text cut to a number of bytes.
  static func text(_ text: String, _ most: Int) -> String {
    // The bytes first, because one character may have any number of them.
    text.utf8.count <= most ? text : String(decoding: text.utf8.prefix(most), as: UTF8.self) + "…"
  }

  /// No machine has more than 2^60 bytes or tokens.
  private func count(_ number: Int) -> Int { min(1 << 60, max(0, number)) }

  private func text(_ text: String, _ most: Int) -> String { Self.text(text, most) }
}
