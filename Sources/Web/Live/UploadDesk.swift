import Diagnostics
import Spool

/// Files that the page has sent before it asks about them.
actor UploadDesk {
  private struct Entry {
    let pending: PendingSubmission
    var time: ContinuousClock.Instant
  }

  private let root: String
  private var entries: [String: Entry] = [:]
  /// The most questions that files are sent for at a time.
  private static let most = 64
  /// What is not asked about by then is removed.
  private static let patience = Duration.seconds(900)

  init(root: String) { self.root = root }

  /// The job to add a file to: a new one, or one that has files already.
  ///
  /// - Throws: `web.busy`, `submit.missing`, `spool.*`.
  func job(_ id: String?) throws -> PendingSubmission {
    let now = ContinuousClock.now
    entries = entries.filter { now - $0.value.time < Self.patience }
    if let id {
      guard let known = entries[id] else { throw Self.unknown }
      entries[id]?.time = now
      return known.pending
    }
    guard entries.count < Self.most else {
      throw Failure(
        .fault, code: .webBusy, "files for \(entries.count) questions wait already",
        remedy: "Ask again later.")
    }
    let pending = try PendingSubmission(root: root)
    entries[pending.id] = Entry(pending: pending, time: now)
    return pending
  }

  /// Takes a job to hand it in; a new one where there are no files.
  func take(_ id: String) throws -> PendingSubmission {
    guard let entry = entries.removeValue(forKey: id) else { throw Self.unknown }
    return entry.pending
  }

  private static let unknown = Failure(
    .missingInput, code: .submitMissing, "the files that were sent are not there any more",
    remedy: "Choose them again.")
}
