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

  /// The files of the folder that are left alone.
  var left = LeftAlone()
  private(set) var files: [BytePath: FileStatus] = [:]
  /// The sidecars of each medium.
  private(set) var sidecars: [BytePath: [Sidecar]] = [:]
  /// The media by names that people may have taken for theirs.
  private(set) lazy var nearNames = Self.nearNames(meanings)
  /// What the name of each file means.
  private(set) var meanings: [BytePath: InboxNames.Meaning] = [:]
  /// Files whose names are on the list, and the pattern that lists them.
  private(set) var listed: [BytePath: String] = [:]
  private var listedNames: [BytePath] = []
  /// Bytes of JSON beside media that this scan may still read, so that a step of the daemon stays short
  /// however many there are.
  var readable = 16 << 20
  private var folders: [BytePath] = []
  /// Media that a job file here names; they are not separate jobs.
  private var reserved: Set<BytePath> = []
  /// Files that could not be read in this scan.
  var unreadableNow: Set<BytePath> = []
  static let unreadable = "cannot be read"

  init(watcher: InboxWatcher, path: BytePath, folder: Folder, now: Int) {
    self.watcher = watcher
    self.path = path
    self.folder = folder
    self.now = now
  }

  mutating func run() throws {
    try look()
    let names = files.keys.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    let jobs = names.filter { meanings[$0] == .folderJob }
    if !path.isEmpty, let job = jobs.first(where: { $0 == InboxNames.folderJob }) ?? jobs.first {
      try FolderJobScan.run(&self, job, files: files)
      return
    }
    sidecars = Self.sidecars(of: files, meanings)
    for name in names where meanings[name] == .jobFile {
      unlessUnreadable(name) { try $0.jobFile(name) }
    }
    for name in names {
      switch meanings[name] ?? .ignored {
      case .ignored, .settings, .jobFile: break
      case .misspelledSettings:
        leave(name, .unmatched, "is not read: name it “\(FolderSettings.fileName)”")
      case .folderJob:
        leave(name, .unmatched, "is the job of no folder: name it “NAME.job.json”")
      case .media: unlessUnreadable(name) { try $0.media(name) }
      case .sidecar(let medium, let isText):
        guard let status = files[name] else { continue }
        let sidecar = Sidecar(name: name, isText: isText, status: status)
        unlessUnreadable(name) { try $0.sidecar(sidecar, of: medium) }
      }
    }
    for name in listedNames where !reserved.contains(path.appending(name)) {
      left.add(
        path.appending(name), .ignored,
        "has a name that inbox.ignore lists: “\(listed[name] ?? "")”")
    }
    for name in folders { try watcher.found(path.appending(name), now: now) }
  }

  /// Lists the folder and updates what is known about its files.
  private mutating func look() throws {
    var gone = Set(
      watcher.sightings.keys.filter { $0.parent == path || (path.isEmpty && $0.parent.isEmpty) })
    for name in try folder.names() {
      let full = path.appending(name)
      let meaning = InboxNames.meaning(name)
      if meaning == .ignored, watcher.sightings[full] == nil { continue }
      guard let status = try folder.status(name) else { continue }
      if meaning == .ignored || isListed(name, meaning, status) {
        watcher.incomplete[full] = nil
        watcher.refused[full] = nil
        // A job names it, and waits until it is complete.
        if watcher.sightings[full] != nil, status.kind == .file {
          see(full, status)
          gone.remove(full)
        }
        continue
      }
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
        meanings[name] = meaning
        // Why a file cannot be read is logged once, and cleared when it can be read.
        if watcher.refused[full]?.hasPrefix(Self.unreadable) != true { watcher.refused[full] = nil }
        see(full, status)
      }
      gone.remove(full)
    }
    for full in gone {
      watcher.sightings[full] = nil
      watcher.documents[full] = nil
      watcher.foreign[full] = nil
      watcher.news.forget(full)
      watcher.incomplete[full] = nil
      watcher.refused[full] = nil
      if watcher.watched[full] != nil { watcher.forget(full) }
    }
  }

  /// Whether the name is on the list of names to leave alone, which does not count for files that are
  /// illava's own.
  private mutating func isListed(
    _ name: BytePath, _ meaning: InboxNames.Meaning, _ status: FileStatus
  ) -> Bool {
    switch meaning {
    case .settings, .misspelledSettings, .folderJob, .jobFile: return false
    case .ignored, .sidecar, .media: break
    }
    let isFolder = status.kind == .folder
    guard let pattern = watcher.ignore.pattern(for: NameText(name), isFolder: isFolder) else {
      return false
    }
    listed[name] = pattern
    listedNames.append(name)
    return true
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
    guard let sidecars = try askingSidecars(of: name) else { return }
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
      guard let named = own.media ?? (own.followUp == nil ? nil : []) else {
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
}
