extension AnswerDocument {
  /// The job that asked.
  public struct Job: Sendable, Codable {
    /// Its id.
    let id: String
  }

  /// This document with the answer of another question about the same files added.
  ///
  /// Seconds are added up; memory is that of the larger peak; merging and tokens stay those of the first.
  public func adding(_ other: AnswerDocument) -> AnswerDocument {
    var result = self
    result.answers += other.answers
    if other.memory.peak > memory.peak { result.memory = other.memory }
    result.seconds = Seconds(
      load: seconds.load + other.seconds.load, media: seconds.media + other.seconds.media,
      vision: seconds.vision + other.seconds.vision,
      prefill: seconds.prefill + other.seconds.prefill,
      decode: seconds.decode + other.seconds.decode, total: seconds.total + other.seconds.total)
    result.warnings += other.warnings.filter { !warnings.contains($0) }
    return result
  }

  /// This document for a job: files go by the names they had when they were handed in.
  ///
  /// - Parameter names: names by path.
  public func forJob(_ id: String, names: [String: String]) -> AnswerDocument {
    var result = self
    result.job = Job(id: id)
    for index in result.sources.indices {
      let path = result.sources[index].path
      result.sources[index].path = names[path] ?? path
    }
    return result
  }
}
