import Diagnostics
import Options
import WorkerProtocol

@preconcurrency import Glibc

/// Claims jobs from the inbox: first the claim is written, then the files are renamed, then the store is
/// updated. If this is interrupted anywhere, `finishClaim` completes it.
final class Claimer {
  let layout: SpoolLayout
  let store: JobStore
  let ids: JobIDs
  let clock: SpoolClock
  var settings: Settings
  /// Called with the reason why a job could not be claimed.
  var report: (LogLevel, String) -> Void = { _, _ in }
  /// Throws where a folder of the spool is not in its place.
  var checkPlaces: () throws -> Void = {}

  init(layout: SpoolLayout, store: JobStore, ids: JobIDs, clock: SpoolClock, settings: Settings) {
    self.layout = layout
    self.store = store
    self.ids = ids
    self.clock = clock
    self.settings = settings
  }

  var calls: SystemCalls { layout.root.calls }
  private static let day = 86_400_000

  /// Claims several jobs together, because they share the calls that write to disk (fsync).
  ///
  /// - Returns: the claimed jobs, and the folders of the inbox in which something failed and that have
  ///   to be scanned again.
  func take(_ plans: [ClaimPlan]) throws -> (claims: [JobClaim], again: Set<BytePath>) {
    try checkPlaces()
    var written: [JobClaim] = []
    var again: Set<BytePath> = []
    for plan in plans {
      do {
        if let claim = try write(plan) {
          written.append(claim)
        } else {
          again.insert(folder(plan))
        }
      } catch {
        note(plan.name, error)
        again.insert(folder(plan))
      }
    }
    guard !written.isEmpty else { return ([], again) }
    try layout.work.sync()
    calls.passed("claim.written")

    var claims: [JobClaim] = []
    for claim in written {
      do {
        if let moved = try finishClaim(claim) {
          claims.append(moved)
        } else {
          unfinished.remove(claim.id)
          again.insert(claim.inputs.first?.from.parent ?? "")
        }
      } catch {
        note(claim.name, error)
        again.insert(claim.inputs.first?.from.parent ?? "")
      }
    }
    try syncSources(of: written)
    calls.passed("claim.synced")
    try store.add(claims, ageing: SpoolClock.milliseconds(settings.ageing), now: clock.wall())
    unfinished.subtract(claims.map(\.id))
    for claim in claims { noted[claim.name] = nil }
    return (claims, again)
  }

  /// Jobs in `work/` that are not in the store yet because something failed.
  var unfinished: Set<String> = []

  private func folder(_ plan: ClaimPlan) -> BytePath { plan.inputs.first?.path.parent ?? "" }

  /// Logs why something cannot be claimed, once per reason: it is tried again every second, under
  /// another id each time.
  private func note(_ name: BytePath, _ error: any Error) {
    let failure = Failure.describing(error)
    guard noted[name] != failure.code else { return }
    if noted.count >= Self.maxNoted { noted = [:] }
    noted[name] = failure.code
    report(.error, "inbox/\(name) cannot be taken now: \(failure.message)")
  }

  private var noted: [BytePath: FailureCode] = [:]
  private static let maxNoted = 1000

  /// Writes the claim to `work/ID/claim.json`; the folder itself is not synced yet.
  ///
  /// - Returns: `nil` when the files have changed since they were found ready.
  private func write(_ plan: ClaimPlan) throws -> JobClaim? {
    for input in plan.inputs {
      guard let now = try layout.inbox.status(input.path), now.identity == input.status.identity,
        input.role == .folder
          || (now.size == input.status.size && now.modified == input.status.modified)
      else { return nil }
    }
    let claim = try claim(for: plan)
    let name = BytePath(claim.id)
    // Until the job is in the store, `Reconciler` repairs any failure.
    unfinished.insert(claim.id)
    do {
      let folder = try layout.work.makeFolder(name)
      try folder.write(try claim.json(), to: JobClaim.fileName)
      // If the folder's name were lost, so would be everything moved into it.
      if claim.form != .folder { _ = try folder.makeFolder(JobClaim.inputFolder) }
      try folder.sync()
    } catch {
      // Nothing has been moved, so removing the folder undoes everything.
      try? layout.work.removeTree(name)
      throw error
    }
    calls.passed("claim.described")
    return claim
  }

  private func claim(for plan: ClaimPlan) throws -> JobClaim {
    var taken: Set<String> = []
    var places: [BytePath: BytePath] = [:]
    let inputs = plan.inputs.map { input in
      var name = ""
      if input.role != .folder {
        name = SafeName.make(input.path, taken: &taken)
        places[input.path] = BytePath(name)
      }
      return JobClaim.Input(
        from: input.path, to: name, role: input.role, identity: input.status.identity,
        size: input.status.size)
    }
    let base = plan.form == .folder ? folder(plan).components.count + 1 : 0
    var refusal = plan.refusal
    let media = try plan.media.map { path in
      let status = try layout.inbox.status(path)
      let size = status?.size ?? 0
      refusal =
        refusal
        ?? MediumCheck.refusal(
          path, in: layout.inbox, size: size, largest: settings.largestMedium)
      let inside = path.components.dropFirst(base).reduce(BytePath("")) { $0.appending($1) }
      let place = places[path] ?? inside
      return JobClaim.Medium(
        file: place, name: plan.form == .folder ? place.escaped : path.escaped,
        size: size, identity: status?.identity)
    }
    let earlier = try followUp(plan, &refusal)
    return JobClaim(
      id: try id(for: plan), form: plan.form, name: earlier?.name ?? plan.name,
      created: clock.wall(), inputs: inputs, media: earlier?.media ?? media,
      prompts: plan.document.prompts ?? settings.prompts, options: plan.document.options,
      priority: plan.document.priority ?? settings.priority, followUp: plan.document.followUp,
      turns: earlier?.turns ?? plan.document.turns,
      visualize: plan.document.visualize?.rawValue,
      refusal: refusal.map { ErrorReport(Failure.describing($0)) })
  }

  /// The id that the command line gave a job's folder, if it is free and its time is plausible;
  /// otherwise a new one. All later ids must be greater.
  private func id(for plan: ClaimPlan) throws -> String {
    let own = plan.inputs.first?.path.last
    if plan.form == .folder, let own, let time = JobIDs.time(own.escaped),
      time <= clock.wall() + Self.day, try store.job(own.escaped) == nil,
      try layout.outbox.status(own) == nil, try layout.failed.status(own) == nil,
      try layout.work.status(own) == nil, try layout.archive.status(own) == nil
    {
      return own.escaped
    }
    return ids.next(milliseconds: clock.wall())
  }

  /// Completes a written claim: moves every file that is still in the inbox.
  ///
  /// - Returns: the claim, with a refusal if some of its files are gone; `nil` if all are gone, in which
  ///   case nothing of the claim is left.
  func finishClaim(_ claim: JobClaim) throws -> JobClaim? {
    let name = BytePath(claim.id)
    let folder = try layout.work.folder(name)
    let isFolder = claim.form == .folder
    let target = isFolder ? folder : try inputFolder(in: folder)
    var missing: [BytePath] = []
    for input in claim.inputs {
      let place = isFolder ? JobClaim.inputFolder : BytePath(input.to)
      if try target.status(place) != nil {
        // Interrupted before the original was removed: after a copy from another file system, or after a
        // rename of which only the new name had reached the disk.
        if try layout.inbox.isStill(input) {
          try layout.inbox.inParent(of: input.from) { try $0.removeTree($1) }
        }
        continue
      }
      guard let found = try layout.inbox.status(input.from), found.identity == input.identity else {
        missing.append(input.from)
        continue
      }
      do {
        try layout.inbox.rename(input.from, to: target, place)
        // The file may have been replaced between the check and the rename. The replacement belongs to
        // another job, so it is moved back. If that fails, so does the call; the file would otherwise be
        // taken for this job's.
        if try target.status(place)?.identity != input.identity {
          try layout.inbox.inParent(of: input.from) { try target.rename(place, to: $0, $1) }
          missing.append(input.from)
        }
      } catch let failure as CallFailure where failure.number == EXDEV {
        let isMoved = try Transfer.move(
          input.identity, layout.inbox, input.from, to: target, place)
        if !isMoved { missing.append(input.from) }
      } catch let failure as CallFailure
        where !failure.isTransient && missing.count + 1 == claim.inputs.count
      {
        // No file can be moved, so removing the folder undoes everything.
        try? layout.work.removeTree(name)
        throw failure
      }
      calls.passed("claim.renamed")
    }
    guard missing.count < claim.inputs.count else {
      try layout.work.removeTree(name)
      return nil
    }
    try target.sync()
    calls.passed("claim.moved")
    guard !missing.isEmpty, claim.refusal == nil else {
      return try bringFiles(claim, to: folder)
    }
    return try refuse(
      claim,
      Failure(
        .missingInput, code: .spoolMissing,
        "\(missing.map(\.escaped).joined(separator: ", ")) was removed or replaced while the job "
          + "was taken", remedy: "Drop it in again."), in: folder)
  }

  /// The folder for the files of a claim; its name is synced to disk.
  private func inputFolder(in folder: Folder) throws -> Folder {
    let isThere = try folder.status(JobClaim.inputFolder) != nil
    let input = try folder.makeFolder(JobClaim.inputFolder)
    if !isThere { try folder.sync() }
    return input
  }

  /// Syncs to disk that files are no longer in the inbox. This comes before the store has the jobs,
  /// because otherwise the files would be claimed again.
  func syncSources(of claims: [JobClaim]) throws {
    for path in Set(claims.flatMap { $0.inputs.map(\.from.parent) }) {
      var folder = layout.inbox
      do {
        if !path.isEmpty { folder = try layout.inbox.folder(path) }
      } catch let failure as CallFailure where !failure.isTransient {
        // The folder was removed or replaced meanwhile, so none of its files can be claimed again.
      }
      try folder.sync()
    }
  }
}

extension Folder {
  /// Whether a file is still where it was when claimed.
  fileprivate func isStill(_ input: JobClaim.Input) throws -> Bool {
    try status(input.from)?.identity == input.identity
  }
}
