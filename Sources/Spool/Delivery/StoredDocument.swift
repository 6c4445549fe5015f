import Answers
import Basics
import Diagnostics
import WorkerProtocol

// Inside `AnswerDocument`, its own type has the name.
private typealias StoredAttempt = Attempt

/// `answer.json` from what the store knows, for jobs without an answer.
enum StoredDocument {
  /// The document of a job as it is now.
  ///
  /// - Parameters:
  ///   - attempts: the attempts at the job.
  ///   - model: `nil` where it is not known which one is asked.
  static func make(
    _ job: Job, attempts: [Attempt], host: String, model: AnswerDocument.Model?
  ) -> AnswerDocument {
    var document = AnswerDocument(
      job: AnswerDocument.Job(
        id: job.id, name: job.name, state: job.state.rawValue, attempt: job.attempts,
        taken: Timestamp.text(milliseconds: job.created),
        begun: attempts.last.map { Timestamp.text(milliseconds: $0.started) },
        ended: job.state.isFinal ? Timestamp.text(milliseconds: job.updated) : nil,
        duplicateOf: job.duplicateOf),
      host: host, model: model,
      media: job.claim.media.map { AnswerDocument.Medium(name: $0.name, bytes: $0.size) },
      questions: job.claim.prompts.map { AnswerDocument.Question(prompt: $0) })
    document.job.followUp = job.claim.followUp
    document.attempts = attempts.map { AnswerDocument.Attempt($0) }
    document.warnings = job.summary?.warnings ?? []
    document.error = job.error.map { AnswerDocument.ErrorEntry($0) }
    return document
  }

  /// The document of a job that is given up now.
  ///
  /// - Parameters:
  ///   - attempts: the attempts at the job; the store does not know yet how the last one ended.
  ///   - end: how it ended; `nil` where none was under way.
  static func givenUp(
    _ job: Job, state: JobState, error: ErrorReport, attempts: [Attempt], end: JobStore.AttemptEnd?,
    host: String, model: AnswerDocument.Model?, now: Int
  ) -> AnswerDocument {
    var document = make(job, attempts: attempts, host: host, model: model)
    let time = Timestamp.text(milliseconds: now)
    document.job.state = state.rawValue
    document.job.ended = time
    document.error = AnswerDocument.ErrorEntry(error)
    if let end, let last = attempts.last, last.ending == nil {
      var entry = AnswerDocument.Attempt(last)
      entry.ended = time
      entry.end(end.ending, end.detail, end.exitStatus, end.signal, end.peakMemory)
      document.attempts?[attempts.count - 1] = entry
    }
    return document
  }
}

extension AnswerDocument.ErrorEntry {
  /// An error as the store has it.
  init(_ report: ErrorReport) {
    self.init(
      code: report.code.rawValue, message: report.message, remedy: report.remedy,
      kind: report.kind.rawValue, stage: report.stage)
  }
}

extension AnswerDocument.Attempt {
  /// An attempt as the store has it.
  fileprivate init(_ attempt: StoredAttempt) {
    self.init(number: attempt.number, begun: Timestamp.text(milliseconds: attempt.started))
    ended = attempt.ended.map { Timestamp.text(milliseconds: $0) }
    if let ending = attempt.ending {
      end(ending, attempt.detail, attempt.exitStatus, attempt.signal, attempt.peakMemory)
    }
  }

  /// Says how it ended.
  fileprivate mutating func end(
    _ ending: StoredAttempt.Ending, _ detail: String?, _ exitStatus: Int?, _ signal: Int?,
    _ peak: Int?
  ) {
    self.ending = ending.rawValue
    self.detail = detail
    self.exitStatus = exitStatus
    self.signal = signal
    self.peak = peak
  }
}
