/// Finds files in a job folder that the job does not mention. If they were answered and cleaned away
/// with the job, they would be lost without having been looked at.
enum LeftFiles {
  /// The most files that are named.
  private static let most = 5
  /// The most folders that are searched.
  private static let maxFolders = 1000

  /// Some of the files that are not in `known`; names relative to the folder. Files that are not media,
  /// such as hidden ones, do not count.
  static func find(in folder: Folder, but known: Set<BytePath>) throws -> [BytePath] {
    var found: [BytePath] = []
    var waiting: [(folder: Folder, path: BytePath)] = [(folder, BytePath(""))]
    var looked = 0
    while let next = waiting.popLast(), found.count < most, looked < maxFolders {
      looked += 1
      for name in try next.folder.names() where InboxNames.meaning(name) != .ignored {
        let path = next.path.isEmpty ? name : next.path.appending(name)
        switch try next.folder.status(name)?.kind {
        case .folder?: waiting.append((try next.folder.folder(name), path))
        case .file? where !known.contains(path): found.append(path)
        default: break
        }
      }
    }
    return Array(found.sorted { $0.escaped < $1.escaped }.prefix(most))
  }
}
