extension AnswerDocument {
  /// The job of this answer.
  public struct Job: Sendable, Codable {
    /// The job's id.
    let id: String
  }

  /// This document with the answer of another question about the same files added.
  ///
  /// Seconds are added up, memory is the larger, and merging and tokens remain those of the first.
  public func adding(_ other: AnswerDocument) -> AnswerDocument {
    var result = self
    result.answers += other.answers
    result.memory = Memory(
      budget: memory.budget, budgetOrigin: memory.budgetOrigin,
      predicted: max(memory.predicted, other.memory.predicted),
      adaptations: memory.adaptations
        + other.memory.adaptations.filter { !memory.adaptations.contains($0) },
      peak: max(memory.peak, other.memory.peak))
    result.seconds = Seconds(
      load: seconds.load + other.seconds.load, media: seconds.media + other.seconds.media,
      vision: seconds.vision + other.seconds.vision,
      prefill: seconds.prefill + other.seconds.prefill,
      decode: seconds.decode + other.seconds.decode, total: seconds.total + other.seconds.total)
    result.warnings += other.warnings.filter { !warnings.contains($0) }
    return result
  }

  /// This document for a job.
  public func forJob(_ id: String) -> AnswerDocument {
    var result = self
    result.job = Job(id: id)
    return result
  }
}
