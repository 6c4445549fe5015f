import Answers
import Diagnostics
import WorkerProtocol

/// An earlier job whose media a job asks about again, with what was said about them.
struct FollowUp {
  /// The earlier job's name.
  let name: BytePath
  /// The media, as the earlier job had them.
  let media: [JobClaim.Medium]
  /// The questions so far with their answers, in order.
  let turns: [JobTurn]

  /// Finds the earlier job.
  ///
  /// - Throws: `job.follow-up` where it is unknown or not answered, or its answer or its files are gone;
  ///   errors of the store.
  init(_ id: String, store: JobStore, layout: SpoolLayout) throws {
    guard let job = try store.job(id) else {
      throw Self.failure(
        "there is no job \(id) to follow up", remedy: "Name a job that illava list shows.")
    }
    guard job.state == .done else {
      throw Self.failure(
        "job \(id), which is to be followed up, has no answer: it is \(job.state.rawValue)",
        remedy: "Ask when it is answered.")
    }
    guard try Self.files(of: job.id, layout) != nil else { throw Self.filesGone(id) }
    guard let answered = try Self.answers(to: job, layout) else {
      throw Self.failure(
        "the answer to job \(id), which is to be followed up, is not in the outbox any more",
        remedy: "Hand the files in again.")
    }
    name = job.claim.name
    // The files are linked into a new folder; nobody has seen them there.
    media = job.claim.media.map {
      JobClaim.Medium(file: $0.file, name: $0.name, size: $0.size, identity: nil)
    }
    turns = (job.claim.turns ?? []) + answered
  }

  /// The files of an answered job, in the archive or beside its answer; `nil` where they are gone.
  static func files(of id: String, _ layout: SpoolLayout) throws -> Folder? {
    let path = BytePath(id).appending(JobClaim.inputFolder)
    for place in [layout.archive, layout.outbox] where try place.status(path)?.kind == .folder {
      return try place.folder(path)
    }
    return nil
  }

  /// The failure of a job whose earlier job's files are gone.
  static func filesGone(_ id: String) -> Failure {
    failure(
      "the files of job \(id), which is to be followed up, are gone",
      remedy:
        "Hand them in again. With after_done = \"archive\" in [outbox], files of answered jobs "
        + "are kept.")
  }

  /// The questions of an answered job with their answers.
  private static func answers(to job: Job, _ layout: SpoolLayout) throws -> [JobTurn]? {
    for id in [job.id, job.duplicateOf].compactMap(\.self) {
      let path = BytePath(id).appending(Disposal.answerFile)
      guard try layout.outbox.status(path)?.kind == .file else { continue }
      let json = try layout.outbox.contents(path, limit: Disposal.maxAnswerBytes)
      guard let document = try? JSONLine.decode(AnswerDocument.self, json) else { continue }
      return document.questions.compactMap { question in
        question.answer.map { JobTurn(question: question.prompt, answer: $0) }
      }
    }
    return nil
  }

  private static func failure(_ message: String, remedy: String) -> Failure {
    Failure(.badInput, code: .jobFollowUp, message, remedy: remedy)
  }
}
