/// Finds files in a job folder that the job does not mention. If they were answered and cleaned away
/// with the job, they would be lost without having been looked at.
struct LeftFiles {
  /// The files that the job is about, by their paths in the folder.
  let known: Set<BytePath>
  /// Names that do not count.
  let ignore: IgnoreList

  /// The most files that are named.
  private static let most = 5
  /// The most bytes of JSON that are read to tell whose it is.
  private static let mostBytes = 1 << 16
  /// The most folders that are searched.
  private static let maxFolders = 1000

  /// Some of the files that are not known; names relative to the folder. Litter does not count: hidden
  /// files, names to ignore, and what other programs say about the media of the job.
  func find(in folder: Folder) throws -> [BytePath] {
    var found: [BytePath] = []
    var waiting: [(folder: Folder, path: BytePath)] = [(folder, BytePath(""))]
    var looked = 0
    while let next = waiting.popLast(), found.count < Self.most, looked < Self.maxFolders {
      looked += 1
      for name in try next.folder.names() where InboxNames.meaning(name) != .ignored {
        let path = next.path.isEmpty ? name : next.path.appending(name)
        guard !known.contains(path), let kind = try next.folder.status(name)?.kind else { continue }
        guard ignore.pattern(for: NameText(name), isFolder: kind == .folder) == nil else {
          continue
        }
        switch kind {
        case .folder: waiting.append((try next.folder.folder(name), path))
        case .file where !isForeign(name, in: next.folder, next.path): found.append(path)
        case .file, .link, .special: break
        }
      }
    }
    return Array(found.sorted { $0.escaped < $1.escaped }.prefix(Self.most))
  }

  /// Whether a file is JSON of another program beside a medium of the job.
  private func isForeign(_ name: BytePath, in folder: Folder, _ path: BytePath) -> Bool {
    guard case .sidecar(let medium, isText: false) = InboxNames.meaning(name),
      known.contains(path.isEmpty ? medium : path.appending(medium)),
      let (bytes, isWhole) = try? folder.beginning(name, limit: Self.mostBytes)
    else { return false }
    return !SidecarJSON.asks(bytes, isWhole: isWhole)
  }
}
