import Diagnostics

/// Sidecars, and the files of a folder that are left alone.
extension FolderScan {
  /// The sidecars of each medium, by its name: JSON first.
  static func sidecars(
    of files: [BytePath: FileStatus], _ meanings: [BytePath: InboxNames.Meaning]
  ) -> [BytePath: [Sidecar]] {
    var sidecars: [BytePath: [Sidecar]] = [:]
    for (name, meaning) in meanings {
      guard case .sidecar(let medium, let isText) = meaning, let status = files[name] else {
        continue
      }
      sidecars[medium, default: []].append(Sidecar(name: name, isText: isText, status: status))
    }
    return sidecars.mapValues { list in
      list.sorted {
        $0.isText == $1.isText
          ? $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) : !$0.isText
      }
    }
  }

  /// The sidecars of a medium that ask something; `nil` while one that asks nothing so far may still be
  /// written.
  mutating func askingSidecars(of medium: BytePath) throws -> [Sidecar]? {
    var asking: [Sidecar] = []
    for sidecar in sidecars[medium] ?? [] {
      guard let isForeign = isForeign(sidecar) else { return nil }
      guard isForeign else {
        asking.append(sidecar)
        continue
      }
      guard try isReady(path.appending(sidecar.name), sidecar.status, isCommitted: false) else {
        return nil
      }
    }
    return asking
  }

  /// A file with the name of a sidecar: it waits for its medium, belongs to it, or is left alone.
  mutating func sidecar(_ sidecar: Sidecar, of medium: BytePath) throws {
    let full = path.appending(sidecar.name)
    watcher.incomplete[full] = nil
    guard let isForeign = isForeign(sidecar) else { return }
    if isForeign {
      // It may still be written.
      guard
        try watcher.news.has(full) || isReady(full, sidecar.status, isCommitted: false)
      else { return }
      return leave(
        sidecar.name, .foreign,
        "is of another program: it has no member of a sidecar, such as “prompts”")
    }
    if meanings[medium] == .media { return }
    if listed[medium] != nil {
      return leave(
        sidecar.name, .unmatched,
        "asks about “\(medium)”, which inbox.ignore lists; a job file may name it")
    }
    let patience = SpoolClock.milliseconds(watcher.settings.patience)
    let waited = now - (watcher.sightings[full]?.firstSeen ?? now)
    guard waited >= patience else {
      watcher.incomplete[full] = "waits for its media, “\(medium)”"
      return again(in: patience - waited)
    }
    var words = "asks about “\(medium)”, which is no picture or video here"
    if let near = nearNames[Self.key(medium)] {
      let ending = sidecar.isText ? ".txt" : ".json"
      words += "; to ask about “\(near)”, name it “\(near.adding(ending))”"
    }
    leave(sidecar.name, .unmatched, words)
  }

  /// Counts a file as left alone, and has it said.
  mutating func leave(_ name: BytePath, _ reason: LeftAlone.Reason, _ words: String) {
    let full = path.appending(name)
    left.add(full, reason, words)
    watcher.news.note(LeftAlone.File(path: full, words: words), reason)
  }

  /// Whether a sidecar is JSON that asks nothing; `nil` until a later scan has read it.
  private mutating func isForeign(_ sidecar: Sidecar) -> Bool? {
    guard !sidecar.isText else { return false }
    let full = path.appending(sidecar.name)
    if let known = watcher.foreign[full], known.status == sidecar.status { return known.isForeign }
    guard readable > 0 else {
      again(in: 50)
      return nil
    }
    // One that cannot be read may ask something.
    guard
      let (bytes, isWhole) = try? folder.beginning(
        sidecar.name, limit: watcher.settings.jobFileBytes)
    else { return false }
    readable -= bytes.count + Self.readCost
    let isForeign = !SidecarJSON.asks(bytes, isWhole: isWhole)
    watcher.foreign[full] = (sidecar.status, isForeign)
    return isForeign
  }

  /// What opening a file costs, in bytes that are read in that time.
  private static let readCost = 1 << 12

  /// The media of the folder by names that people may have taken for theirs: without the ending, or in
  /// another case.
  static func nearNames(_ meanings: [BytePath: InboxNames.Meaning]) -> [String: BytePath] {
    var names: [String: BytePath] = [:]
    for (name, meaning) in meanings where meaning == .media {
      names[key(name)] = name
      guard let dot = name.bytes.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { continue }
      names[key(BytePath(bytes: name.bytes[..<dot]))] = name
    }
    return names
  }

  private static func key(_ name: BytePath) -> String { NameText(name).lower }
}
