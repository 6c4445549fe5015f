import Answers
import Basics
import Diagnostics
import WorkerProtocol

/// What a job has to show for itself.
extension SpoolClient {
  /// The answers of a job; `nil` while there are none.
  public func answer(_ job: Job) throws(Failure) -> JobAnswer? {
    guard job.state == .done, !job.isCleaned else { return nil }
    let name = BytePath(job.duplicateOf ?? job.id)
    do {
      let outbox = try Folder(path: root + "/outbox", calls: SystemCalls())
      let own = BytePath(job.id).appending(Disposal.answerFile)
      let path =
        try outbox.status(own) != nil ? own : name.appending(Disposal.answerFile)
      guard try outbox.status(path) != nil else { return nil }
      let unreadable = Failure(
        .missingInput, code: .jobAnswerUnreadable,
        "\(outbox.shown(path)) is not an answer of illava any more: somebody changed or replaced it",
        remedy: "Hand the file in again.")
      guard try outbox.status(path)?.kind == .file else { throw unreadable }
      let json = try outbox.contents(path, limit: 1 << 28)
      guard let texts = try? JSONLine.decode(AnswerTexts.self, json) else { throw unreadable }
      return JobAnswer(
        path: "\(root)/outbox/\(path)", json: json, texts: texts.answers,
        warnings: WorkerSummary.listed(texts.warnings) ?? [])
    } catch {
      throw Failure.describing(error)
    }
  }

  /// Where the document of a job lies that was given up; `nil` where there is none, or none that may be
  /// read.
  public func failurePath(_ job: Job) -> String? { failureDocument(job)?.path }

  private func failureDocument(_ job: Job) -> (path: String, json: [UInt8])? {
    guard job.state == .failed || job.state == .cancelled, !job.isCleaned else { return nil }
    let path = BytePath(job.id).appending(Disposal.answerFile)
    guard let folder = try? Folder(path: root + "/failed", calls: SystemCalls()),
      (try? folder.status(path))??.kind == .file,
      let json = try? folder.contents(path, limit: Disposal.maxAnswerBytes),
      let document = try? JSONLine.decode(AnswerDocument.self, json), document.job.id == job.id,
      document.job.state == job.state.rawValue
    else { return nil }
    return ("\(root)/failed/\(path)", json)
  }

  /// A job's `answer.json` on one line: the file's own text where there is one, otherwise the same document
  /// with what the store knows.
  ///
  /// - Throws: `job.answer-unreadable` for an answer that somebody changed.
  public func document(_ job: Job, _ attempts: [Attempt]) throws(Failure) -> String {
    var document = StoredDocument.make(
      job, attempts: attempts, host: HostName.current, model: nil)
    if let failure = failureDocument(job) { return JSONText.line(failure.json) }
    guard job.state == .done else { return try JSONText.encode(document, isIndented: false) }
    guard let answer = try answer(job) else {
      document.error = AnswerDocument.ErrorEntry(ErrorReport(Self.goneAnswer(job)))
      return try JSONText.encode(document, isIndented: false)
    }
    if var own = try? JSONLine.decode(AnswerDocument.self, answer.json) {
      if own.job.id == job.id { return JSONText.line(answer.json) }
      // A duplicate for which nothing was written has the answer of the job before it.
      own.job = document.job
      return try JSONText.encode(own, isIndented: false)
    }
    // An answer of version 1.
    document.questions = answer.texts.map {
      var question = AnswerDocument.Question(prompt: $0.prompt)
      question.answer = $0.answer
      question.finishReason = $0.finishReason
      question.tokens = $0.tokens
      return question
    }
    document.warnings = answer.warnings
    return try JSONText.encode(document, isIndented: false)
  }

  /// The failure of a job whose answer was there and is not any more.
  public static func goneAnswer(_ job: Job) -> Failure {
    Failure(
      .missingInput, code: .jobAnswerGone,
      job.isCleaned ? "its answer was cleaned away" : "its answer is no longer in the outbox",
      remedy: "Hand the file in again.")
  }
}
