import Answers
import Basics
import Diagnostics
import Engine
import Spool

/// The job that a question without a daemon counts as in its document.
struct RunOrigin {
  /// The question, as it begins.
  let origin: AnswerOrigin

  /// A question that is asked now, with an id of its own.
  init(_ request: Request) {
    let now = Timestamp.nowMilliseconds
    let time = Timestamp.text(milliseconds: now)
    origin = AnswerOrigin(
      job: AnswerDocument.Job(
        id: JobIDs().next(milliseconds: now), name: request.media.first?.path ?? "",
        state: "running", attempt: 1, taken: time, begun: time),
      host: HostName.current)
  }

  /// The document of a question that was not answered.
  ///
  /// - Parameter stage: the stage that failed; `nil` while the model was loaded or the question checked.
  func failed(
    _ failure: Failure, stage: String?, request: Request, model: AnswerDocument.Model
  ) -> AnswerDocument {
    var document = AnswerDocument(
      job: origin.ended("failed", Timestamp.now).job, host: origin.host, model: model,
      media: request.media.map { AnswerDocument.Medium(name: $0.path, bytes: nil) },
      questions: [AnswerDocument.Question(prompt: request.prompt)])
    document.error = AnswerDocument.ErrorEntry(
      code: failure.code.rawValue, message: failure.message, remedy: failure.remedy,
      kind: failure.kind.rawValue, stage: stage)
    return document
  }
}
