@preconcurrency import Glibc

extension Folder {
  /// Makes hard links to all files below another folder that are not here yet, or copies where the file
  /// system has no hard links.
  func link(allOf source: Folder) throws {
    for name in try source.names() {
      switch try source.status(name)?.kind {
      case .folder: try makeFolder(name).link(allOf: try source.folder(name))
      case .file where try status(name) == nil:
        do {
          try source.link(name, to: self, name)
        } catch let failure as CallFailure
          where [EXDEV, EPERM, EMLINK, EOPNOTSUPP, ENOSYS].contains(failure.number)
        {
          try Transfer.copy(source, name, to: self, name)
        }
      default: break
      }
    }
  }
}
