import Diagnostics

@preconcurrency import Glibc

/// Finds job folders: a folder with images and a `job.json` is one question.
enum FolderJobScan {
  /// The most files in such a folder.
  private static let maxFiles = 10_000

  /// Looks whether the folder is ready.
  ///
  /// - Parameter name: the file that makes it a job.
  static func run(
    _ scan: inout FolderScan, _ name: BytePath, files: [BytePath: FileStatus]
  ) throws {
    let watcher = scan.watcher
    let path = scan.path
    guard let jobStatus = files[name], let own = try watcher.inbox.status(path) else { return }
    var refusal: (any Error)?
    var document = JobDocument()
    do {
      document = try scan.read(name, isText: false, status: jobStatus)
    } catch let failure as Failure {
      refusal = failure
    }

    let found = try media(document, files, in: path, of: watcher.inbox)
    let (media, missing) = (found.media, found.missing)
    refusal = refusal ?? found.refusal
    if files.count > maxFiles {
      refusal = Failure(
        .badInput, code: .jobMedia, "the folder \(path) holds \(files.count) files",
        remedy: "Put at most \(maxFiles) into one folder: no more are taken as one job.")
    }

    let jobPath = path.appending(name)
    let isNamed = document.media != nil
    guard try isReady(&scan, media, missing, job: (jobPath, jobStatus), isNamed: isNamed) else {
      return
    }
    if !missing.isEmpty {
      let names = missing.map(\.escaped).joined(separator: ", ")
      refusal = Failure(
        .missingInput, code: .jobMediaMissing, "\(jobPath) names \(names), not there",
        remedy: "Rename the folder into the inbox when everything is in it.")
    }
    let depth = path.components.count
    let asked = media.map { medium in
      medium.components.dropFirst(depth).reduce(BytePath("")) { $0.appending($1) }
    }
    let unasked = try LeftFiles(
      known: Set(asked + [name]), ignore: watcher.ignore
    ).find(in: scan.folder)
    if refusal == nil, !unasked.isEmpty {
      refusal = Failure(
        .badInput, code: .jobMediaLeft,
        "the folder \(path) holds files that its job does not ask about: "
          + unasked.map(\.escaped).joined(separator: ", "),
        remedy: "Name them in media, or leave them out; all of it is kept with the failed job.")
    }
    guard let settings = try scan.inherited(for: path) else { return }
    watcher.incomplete[path] = nil
    watcher.ready.append(
      ClaimPlan(
        form: .folder, name: self.name(path, media),
        inputs: [ClaimPlan.Input(path: path, role: .folder, status: own)], media: media,
        document: scan.merged(document, over: settings), refusal: refusal))
  }

  /// The media of a folder's job: those that it names, otherwise all media in the folder.
  private static func media(
    _ document: JobDocument, _ files: [BytePath: FileStatus], in path: BytePath, of inbox: Folder
  ) throws -> (media: [BytePath], missing: [BytePath], refusal: (any Error)?) {
    var refusal: (any Error)?
    var media: [BytePath] = []
    var missing: [BytePath] = []
    if let named = document.media {
      for name in named {
        let full = path.appending(name)
        switch try inbox.status(full) {
        case nil: missing.append(name)
        case .some(let status) where status.kind != .file:
          refusal = CallFailure(
            operation: .open, path: full.escaped, number: status.kind == .link ? ELOOP : EINVAL)
        case .some: media.append(full)
        }
      }
    } else {
      media = files.keys.filter { InboxNames.meaning($0) == .media }
        .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }.map { path.appending($0) }
      if media.isEmpty, document.followUp == nil {
        refusal = Failure(
          .badInput, code: .jobMedia,
          "the folder \(path) holds a job.json but nothing to look at",
          remedy: "Put the pictures into the folder, too.")
      }
    }
    return (media, missing, refusal)
  }

  /// Whether all files of the folder have arrived.
  private static func isReady(
    _ scan: inout FolderScan, _ media: [BytePath], _ missing: [BytePath],
    job: (path: BytePath, status: FileStatus), isNamed: Bool
  ) throws -> Bool {
    let watcher = scan.watcher
    let isMovedIn = scan.signal(scan.path) == .movedIn
    let isClosed = isNamed && scan.signal(job.path) != nil
    guard try scan.isReady(job.path, job.status, isCommitted: isMovedIn || isClosed) else {
      return false
    }
    for medium in media {
      guard let status = try watcher.inbox.status(medium) else { return false }
      if watcher.sightings[medium] == nil {
        watcher.sightings[medium] = Sighting(status, now: scan.now, signal: nil)
      } else if medium.parent != scan.path {
        watcher.sightings[medium]?.update(status, now: scan.now, signal: nil)
      }
      let isCommitted = isMovedIn || (isClosed && status.modified <= job.status.modified)
      guard try scan.isReady(medium, status, isCommitted: isCommitted) else { return false }
    }
    guard !missing.isEmpty else { return true }
    let patience = SpoolClock.milliseconds(watcher.settings.patience)
    let waited = scan.now - (watcher.sightings[job.path]?.firstSeen ?? scan.now)
    guard waited < patience else { return true }
    watcher.incomplete[scan.path] = "waits for \(missing.map(\.escaped).joined(separator: ", "))"
    scan.again(in: min(1000, patience - waited))
    return false
  }

  /// The name of the job: of its first media file in a folder of the command line, otherwise of the
  /// folder.
  private static func name(_ path: BytePath, _ media: [BytePath]) -> BytePath {
    guard let first = media.first, JobIDs.isID(path.escaped) else { return path }
    return media.count == 1 ? first.last : first.last.adding(" +\(media.count - 1)")
  }
}
