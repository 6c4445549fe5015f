import Answers
import Basics
import Diagnostics
import WorkerProtocol

/// Handles jobs whose content was answered before.
extension Dispatcher {
  /// The most bytes that the loop itself reads for a digest.
  private static let smallBytes = 1 << 18

  /// The digest of a job's content. A job that cannot be read counts as new, and the worker reports the
  /// error.
  func content(of job: Job) throws -> DigestReader.Progress {
    var progress: DigestReader.Progress
    if let known = digests.progress(of: job.id) {
      progress = known
    } else {
      do {
        var digest = try ContentDigest(job, work: layout.work)
        guard job.claim.mediaBytes <= Self.smallBytes else {
          digests.begin(digest)
          return .reading
        }
        var content: String?
        while content == nil { content = try digest.step(bytes: Self.smallBytes) }
        progress = .done(content ?? "")
      } catch {
        progress = .failed(Failure.describing(error))
      }
    }
    switch progress {
    case .reading: break
    case .done(let content): try store.setContent(job.id, content)
    case .failed(let failure):
      report(.warning, job.id, "not compared with earlier jobs: \(failure.message)")
    }
    return progress
  }

  /// Answers a job with the answer of an earlier one, if that still exists.
  ///
  /// - Returns: whether the job was answered; otherwise it has to be computed.
  func repeatAnswer(_ content: String, for job: Job) throws -> Bool {
    for old in try store.answered(content: content) where old.id != job.id {
      // Users may remove or change answers in the outbox. An answer that cannot be read does not count.
      let isThere = (try? disposal.isAnswer(layout.outbox, BytePath(old.id))) ?? false
      guard isThere else { continue }
      guard settings.duplicates == .link else {
        try store.finish(
          job.id, summary: old.summary, duplicateOf: old.id, end: nil,
          text: "not asked again: \(old.id) was the same", now: clock.wall())
        try disposal.tidy(job.claim)
        return true
      }
      do {
        let output = try disposal.makeOutput(job.id)
        try output.link(allOf: try layout.outbox.folder(BytePath(old.id)))
        try rewrite(output, of: old, for: job)
      } catch {
        let reason = Failure.describing(error).message
        report(.notice, job.id, "asked again, for the old answer cannot be repeated: \(reason)")
        return false
      }
      let end = JobStore.AttemptEnd(ending: .done)
      conclude(job, .deliver(old.summary, end, duplicateOf: old.duplicateOf ?? old.id))
      return true
    }
    return false
  }

  /// Writes the earlier answer as that of a job, under the job's own id and names.
  private func rewrite(_ output: Folder, of old: Job, for job: Job) throws {
    let bytes = try output.contents(Disposal.answerFile, limit: Disposal.maxAnswerBytes)
    // An answer of an older version is not repeated.
    var document = try JSONLine.decode(AnswerDocument.self, bytes)
    let now = Timestamp.text(milliseconds: clock.wall())
    document.job = AnswerDocument.Job(
      id: job.id, name: job.name, state: JobState.done.rawValue, attempt: job.attempts,
      taken: Timestamp.text(milliseconds: job.created), begun: now, ended: now,
      duplicateOf: old.duplicateOf ?? old.id)
    document.host = HostName.current
    let names = Dictionary(
      zip(old.claim.media.map(\.name), job.claim.media.map(\.name))
    ) { first, _ in first }
    for index in document.media.indices {
      document.media[index].name = names[document.media[index].name] ?? document.media[index].name
    }
    try output.write(Array((try document.json() + "\n").utf8), to: Disposal.answerFile)
  }

  /// Extends all deadlines by the time in which nothing could be checked, because the machine or the
  /// daemon was suspended, and its workers with it or unheard.
  func wasAsleep(for milliseconds: Int) {
    for slot in slots { slot.wasAsleep(for: milliseconds) }
  }
}
