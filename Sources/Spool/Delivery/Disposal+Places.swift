import Diagnostics
import FoundationEssentials
import WorkerProtocol

@preconcurrency import Glibc

/// Handles files that are already in a job's target place. Only what certainly belongs to the job is
/// treated as its own, because users, other programs and interrupted copies leave files there, too.
extension Disposal {
  static let maxAnswerBytes = 1 << 28

  /// Whether a folder holds a complete answer.
  func isAnswer(_ folder: Folder, _ path: BytePath) throws -> Bool {
    guard let bytes = try regular(folder, path.appending(Self.answerFile)),
      let answer = try? JSONLine.decode(AnswerTexts.self, bytes)
    else { return false }
    return !answer.answers.isEmpty
  }

  /// Whether two files exist and have the same bytes.
  func isSame(
    _ one: Folder, _ onePath: BytePath, _ other: Folder, _ otherPath: BytePath
  ) throws -> Bool {
    guard let bytes = try regular(one, onePath) else { return false }
    return try regular(other, otherPath) == bytes
  }

  /// Whether `failed/ID` is the job's final place: its error file is there and, if the job is still in
  /// `work/` because it was copied, is the same there.
  ///
  /// - Parameter orCopied: `false` to check `failed/` only.
  func isGivenUp(_ name: BytePath, orCopied: Bool = true) throws -> Bool {
    let path = name.appending(Self.errorFile)
    guard let bytes = try regular(layout.failed, path),
      let document = try? JSONLine.decode(ErrorDocument.self, bytes), document.id == name.escaped
    else { return false }
    guard orCopied, try layout.work.status(name) != nil else { return true }
    return try regular(layout.work, path) == bytes
  }

  /// Removes the original in `work/` of a job that was copied to `failed/`.
  func dropCopy(_ name: BytePath) throws {
    guard try layout.work.status(name) != nil, try isGivenUp(name) else { return }
    try Transfer.retire(layout.work, name)
    try layout.work.sync()
  }

  /// Moves away a file or folder that has a job's name but does not belong to the job.
  ///
  /// - Throws: `spool.taken` when it cannot be moved.
  func setAside(_ name: BytePath, in folder: Folder) throws {
    for number in 1...100 {
      let other = name.adding(number == 1 ? ".other" : ".other-\(number)")
      do {
        try folder.rename(name, to: folder, other)
        try folder.sync()
        report(
          .warning, name.escaped,
          "\(folder.shown(name)) was there already and is not this job's: it is now called \(other)"
        )
        return
      } catch let failure as CallFailure where failure.number == EEXIST {
        continue
      } catch let failure as CallFailure where !failure.isTransient || failure.number == EBUSY {
        throw Self.taken(folder.shown(name), String(cString: strerror(failure.number)))
      }
    }
    throw Self.taken(folder.shown(name), "all names for it are taken")
  }

  private static func taken(_ path: String, _ reason: String) -> Failure {
    Failure(
      .fault, code: .spoolTaken,
      "\(path) was there already, is not this job's, and cannot be moved away: \(reason)",
      remedy: "Remove it, then let the job be tried again.")
  }

  /// Moves the folder of an answered job to the archive.
  ///
  /// - Returns: whether the job's folder in `work/` may be removed.
  func archive(_ name: BytePath, _ folder: Folder) throws -> Bool {
    let claim = name.appending(JobClaim.fileName)
    do {
      if try layout.archive.status(name) != nil {
        // It was copied, and interrupted before the original was removed.
        if try isSame(layout.work, claim, layout.archive, claim) { return true }
        try setAside(name, in: layout.archive)
      }
    } catch let failure as Failure where failure.code == .spoolTaken {
      report(.warning, name.escaped, "\(failure.message); its input stays in work/\(name)")
      return false
    }
    try folder.removeTree(Self.outputFolder)
    try Transfer.bring(layout.work, name, to: layout.archive, name)
    calls.passed("tidy.archived")
    try layout.work.sync()
    return try layout.work.status(name) != nil
  }

  // MARK: - Flat answers

  /// Writes the answer under the name of the file, for programs that look for it there. If another job's
  /// answer has that name, the job's id is added to it.
  func writeFlat(_ job: Job) throws {
    let path = BytePath(job.id).appending(Self.answerFile)
    let answer = try layout.outbox.contents(path, limit: Self.maxAnswerBytes)
    for name in Self.flatNames(job) {
      guard try layout.outbox.status(name) == nil || isFlat(name, of: job.id, answer) else {
        continue
      }
      try layout.outbox.write(answer, to: name)
      try layout.outbox.sync()
      return
    }
    report(.warning, job.id, "there is no free name for its flat answer: it is in \(path) only")
  }

  /// Removes a job's flat answer.
  func removeFlat(_ job: Job) throws {
    let path = BytePath(job.id).appending(Self.answerFile)
    let answer = try regular(layout.outbox, path)
    for name in Self.flatNames(job) where try isFlat(name, of: job.id, answer) {
      try layout.outbox.remove(name)
    }
  }

  private static func flatNames(_ job: Job) -> [BytePath] {
    var taken: Set<String> = []
    let name = SafeName.make(job.claim.name, taken: &taken)
    return [BytePath(name + ".json"), BytePath("\(name).\(job.id).json")]
  }

  /// Whether a file in the outbox is a job's answer.
  private func isFlat(_ name: BytePath, of id: String, _ answer: [UInt8]?) throws -> Bool {
    guard let bytes = try regular(layout.outbox, name) else { return false }
    if bytes == answer { return true }
    return (try? JSONLine.decode(AnswerOwner.self, bytes))?.job?.id == id
  }

  /// The bytes of a regular file; `nil` where there is none or it is something else.
  private func regular(_ folder: Folder, _ path: BytePath) throws -> [UInt8]? {
    do {
      guard try folder.status(path)?.kind == .file else { return nil }
      return try folder.contents(path, limit: Self.maxAnswerBytes)
    } catch is Failure {
      return nil
    } catch let failure as CallFailure where !failure.isTransient {
      return nil
    }
  }
}

/// The part of `answer.json` that names the job.
private struct AnswerOwner: Codable {
  struct Job: Codable {
    var id: String
  }
  var job: Job?
}
