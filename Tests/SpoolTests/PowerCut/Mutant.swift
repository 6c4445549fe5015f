/// Syncs to leave out, to check that the tests notice.
enum Mutant: String, CaseIterable, Sendable {
  case everything
  case files = "files, but for the store"
  case folders = "folders"
  case store = "the store"
  case claims = "claim.json"
  case copies = "what is copied from another file system"
  case answers = "what a worker wrote"
  case errors = "error.json"
  case inbox = "the folders of the inbox"
  case work = "the folder work"
  case claimFolders = "the folders of claims"
  case inputFolders = "the folders of inputs"
  case outputFolders = "the folders of answers"
  case outbox = "the folder outbox"
  case failed = "the folder failed"
  case archive = "the folder archive"

  /// Whether the `fsync` of a path is left out, for a folder or for a file.
  var leavesOut: @Sendable (String, _ isFolder: Bool) -> Bool {
    { path, isFolder in
      let parts = path.split(separator: "/")
      let name = parts.last ?? ""
      let isStore = path.hasPrefix("state.sqlite")
      let isWork = parts.first == "work"
      let isOutput = isWork && parts.count > 2 && parts[2] == "output"
      switch self {
      case .everything: return true
      case .files: return !isFolder && !isStore
      case .folders: return isFolder
      case .store: return isStore
      case .claims: return name == ".claim.json.new"
      case .errors: return name == ".error.json.new"
      case .copies: return isWork && parts.count > 3 && path.contains(".new")
      case .answers: return isOutput && !isFolder
      case .inbox: return isFolder && parts.first == "inbox"
      case .work: return path == "work"
      case .claimFolders: return isWork && parts.count == 2
      case .inputFolders: return isWork && parts.count == 3 && name == "input"
      case .outputFolders: return isOutput && parts.count == 3
      case .outbox: return path == "outbox"
      case .failed: return path == "failed"
      case .archive: return path == "archive"
      }
    }
  }
}
