import Diagnostics
import Options
import WorkerProtocol

@preconcurrency import Glibc

/// One scan of a folder of the inbox.
struct FolderScan {
  let watcher: InboxWatcher
  let path: BytePath
  let folder: Folder
  let now: Int
  /// When a file here may become ready.
  var due: Int?

  private var files: [BytePath: FileStatus] = [:]
  private var folders: [BytePath] = []
  /// Media that a job file here names; they are not separate jobs.
  private var reserved: Set<BytePath> = []
  /// Files that could not be read in this scan.
  private var unreadableNow: Set<BytePath> = []
  private static let unreadable = "cannot be read"

  init(watcher: InboxWatcher, path: BytePath, folder: Folder, now: Int) {
    self.watcher = watcher
    self.path = path
    self.folder = folder
    self.now = now
  }

  mutating func run() throws {
    try look()
    if !path.isEmpty, files[InboxNames.folderJob] != nil {
      try FolderJobScan.run(&self, files: files)
      return
    }
    let names = files.keys.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    for name in names where InboxNames.meaning(name) == .jobFile {
      unlessUnreadable(name) { try $0.jobFile(name) }
    }
    for name in names {
      switch InboxNames.meaning(name) {
      case .ignored, .settings, .jobFile: break
      case .media: unlessUnreadable(name) { try $0.media(name) }
      case .sidecar(let media, _):
        let full = path.appending(name)
        if files[media] == nil {
          watcher.incomplete[full] = "waits for its media, “\(media)”"
        } else {
          watcher.incomplete[full] = nil
        }
      }
    }
    for name in folders { try watcher.found(path.appending(name), now: now) }
  }

  /// Lists the folder and updates what is known about its files.
  private mutating func look() throws {
    var gone = Set(
      watcher.sightings.keys.filter { $0.parent == path || (path.isEmpty && $0.parent.isEmpty) })
    for name in try folder.names() {
      let full = path.appending(name)
      if InboxNames.meaning(name) == .ignored { continue }
      guard let status = try folder.status(name) else { continue }
      switch status.kind {
      case .link:
        refuse(full, "is a symbolic link, and links are not followed")
      case .special:
        refuse(full, "is no regular file (a pipe, a socket or a device)")
      case .folder:
        let depth = full.components.count
        if depth <= InboxWatcher.maxDepth {
          folders.append(name)
        } else {
          refuse(full, "lies \(depth) folders deep, and \(InboxWatcher.maxDepth) are looked into")
        }
        see(full, status)
      case .file:
        files[name] = status
        // Why a file cannot be read is logged once, and cleared when it can be read.
        if watcher.refused[full]?.hasPrefix(Self.unreadable) != true { watcher.refused[full] = nil }
        see(full, status)
      }
      gone.remove(full)
    }
    for full in gone {
      watcher.sightings[full] = nil
      watcher.documents[full] = nil
      watcher.incomplete[full] = nil
      watcher.refused[full] = nil
      if watcher.watched[full] != nil { watcher.forget(full) }
    }
  }

  private func see(_ full: BytePath, _ status: FileStatus) {
    let signal = watcher.signals.removeValue(forKey: full)
    if watcher.sightings[full] == nil {
      watcher.sightings[full] = Sighting(status, now: now, signal: signal)
    } else {
      watcher.sightings[full]?.update(status, now: now, signal: signal)
    }
  }

  func refuse(_ full: BytePath, _ reason: String) {
    if watcher.refused.updateValue(reason, forKey: full) == nil {
      watcher.report(.warning, "inbox/\(full) \(reason): it stays where it is")
    }
  }

  /// Continues with the other files where one cannot be read; that one is tried again later.
  private mutating func unlessUnreadable(
    _ name: BytePath, _ body: (inout FolderScan) throws -> Void
  ) {
    let full = path.appending(name)
    do {
      unreadableNow.remove(full)
      try body(&self)
      if !unreadableNow.contains(full) { watcher.refused[full] = nil }
    } catch {
      refuse(full, "\(Self.unreadable) now: \(Failure.describing(error).message)")
      again(in: 1000)
    }
  }

  // MARK: - The forms

  /// A media file, alone or with sidecars.
  private mutating func media(_ name: BytePath) throws {
    let full = path.appending(name)
    guard !reserved.contains(full), let status = files[name] else { return }
    var sidecars: [Sidecar] = []
    for (ending, isText) in [(".json", false), (".txt", true)] {
      let sidecar = name.adding(ending)
      if let status = files[sidecar] {
        sidecars.append(Sidecar(name: sidecar, isText: isText, status: status))
      }
    }
    if sidecars.isEmpty, watcher.settings.needsSidecar {
      watcher.incomplete[full] = "waits for a sidecar or a job file"
      return
    }
    // A sidecar that was written after its media shows that both are complete.
    let isCommitted =
      !sidecars.isEmpty
      && sidecars.allSatisfy { sidecar in
        signal(path.appending(sidecar.name)) != nil && sidecar.status.modified >= status.modified
      }
    guard try isReady(full, status, isCommitted: isCommitted) else { return }
    for sidecar in sidecars {
      guard
        try isReady(path.appending(sidecar.name), sidecar.status, isCommitted: isCommitted)
      else { return }
    }
    guard var document = try inherited(for: full) else { return }
    watcher.incomplete[full] = nil
    let said = try read(sidecars)
    var refusal = said.refusal
    document = merged(said.document, over: document)
    if status.size == 0 {
      refusal = Failure(
        .badInput, code: .spoolEmpty, "\(full) is empty",
        remedy: "Drop it in again: it was never written, or the copy broke off.")
    }
    let sidecarInputs = sidecars.map {
      ClaimPlan.Input(path: path.appending($0.name), role: .sidecar, status: $0.status)
    }
    watcher.ready.append(
      ClaimPlan(
        form: sidecars.isEmpty ? .media : .sidecar, name: full,
        inputs: [ClaimPlan.Input(path: full, role: .media, status: status)] + sidecarInputs,
        media: [full], document: document, refusal: refusal))
  }

  /// A job file and the media it names.
  private mutating func jobFile(_ name: BytePath) throws {
    let full = path.appending(name)
    guard let status = files[name] else { return }
    var plan = ClaimPlan(
      form: .jobFile, name: full,
      inputs: [ClaimPlan.Input(path: full, role: .jobFile, status: status)], media: [],
      document: JobDocument(), refusal: nil)
    let own: JobDocument
    do {
      own = try read(name, isText: false, status: status)
      guard let named = own.media else {
        throw Failure(
          .badInput, code: .jobMedia, "\(full) names no media",
          remedy: "Write { \"media\": [\"door.mp4\"], … }.")
      }
      plan.media = named.map { path.appending($0) }
    } catch let failure as Failure {
      // The file may still be written, so errors count only once it has stopped changing.
      guard try isReady(full, status, isCommitted: false) else { return }
      plan.refusal = failure
      watcher.ready.append(plan)
      return
    }
    reserved.formUnion(plan.media)
    let isClosed = signal(full) != nil
    guard try isReady(full, status, isCommitted: isClosed) else { return }
    var missing: [BytePath] = []
    for medium in plan.media {
      switch try watcher.inbox.status(medium) {
      case nil: missing.append(medium)
      case .some(let found) where found.kind != .file:
        plan.refusal = CallFailure(
          operation: .open, path: medium.escaped, number: found.kind == .link ? ELOOP : EINVAL)
      case .some(let found):
        if watcher.sightings[medium] == nil { see(medium, found) }
        let isCommitted = isClosed && found.modified <= status.modified
        guard try isReady(medium, found, isCommitted: isCommitted) else { return }
        plan.inputs.append(ClaimPlan.Input(path: medium, role: .media, status: found))
      }
    }
    if !missing.isEmpty {
      let names = missing.map(\.escaped).joined(separator: ", ")
      let patience = SpoolClock.milliseconds(watcher.settings.patience)
      let waited = now - (watcher.sightings[full]?.firstSeen ?? now)
      guard waited >= patience else {
        watcher.incomplete[full] = "waits for \(names)"
        again(in: min(1000, patience - waited))
        return
      }
      plan.refusal = Failure(
        .missingInput, code: .jobMediaMissing, "\(full) names \(names), which did not come",
        remedy: "Put the media into the inbox first and the job file last.")
    }
    guard let settings = try inherited(for: full) else { return }
    watcher.incomplete[full] = nil
    plan.document = merged(own, over: settings)
    watcher.ready.append(plan)
  }

  // MARK: - Readiness

  func signal(_ full: BytePath) -> Sighting.Signal? { watcher.sightings[full]?.signal }

  /// Whether a file is complete, as far as can be known.
  ///
  /// - Parameter isCommitted: whether another file shows that it is complete.
  mutating func isReady(
    _ full: BytePath, _ status: FileStatus, isCommitted: Bool
  ) throws -> Bool {
    guard let sighting = watcher.sightings[full] else { return false }
    // Some programs create a file long before they write to it.
    let patience = status.size == 0 ? 15.0 : 1.0
    let stability = SpoolClock.milliseconds(watcher.settings.stability * patience)
    let isWhole = isCommitted || (sighting.signal == .movedIn && status.size > 0)
    if !isWhole, !sighting.isStill(for: stability, now: now) {
      again(in: sighting.since + stability - now)
      return false
    }
    do {
      // A slow writer may pause longer than any waiting time; where the kernel can tell, it decides.
      if try watcher.inbox.hasWriter(full) == true {
        watcher.sightings[full]?.isBeingWritten(now: now)
        again(in: max(50, min(1000, stability)))
        return false
      }
    } catch let failure as CallFailure {
      if failure.number == ENOENT { return false }
      refuse(full, "\(Self.unreadable): \(failure.failure.message)")
      unreadableNow.insert(full)
      again(in: 5000)
      return false
    }
    return true
  }

  mutating func again(in milliseconds: Int) {
    due = min(due ?? .max, now + max(10, milliseconds))
  }
}
