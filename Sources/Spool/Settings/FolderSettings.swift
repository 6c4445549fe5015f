import Diagnostics
import Options

/// The `illava.toml` of folders in the inbox, read again when it changes.
final class FolderSettings {
  static let fileName: BytePath = "illava.toml"
  /// The most bytes of the file, many times more than questions and options need.
  private static let maxBytes = 1 << 16
  private var known: [BytePath: (status: FileStatus, result: Result<JobDocument, Failure>)] = [:]

  /// The settings of the folder's own file and those of the folders above; the nearest takes precedence.
  ///
  /// - Throws: the error in one of the files.
  func document(for folder: BytePath, in inbox: Folder, limit: Int) throws -> JobDocument {
    var result = JobDocument()
    var current = folder
    while true {
      if let own = try own(current, inbox, limit) {
        result.prompts = result.prompts ?? own.prompts
        result.priority = result.priority ?? own.priority
        result.options = result.options.filled(from: own.options)
      }
      if current.isEmpty { return result }
      current = current.parent
    }
  }

  private func own(_ folder: BytePath, _ inbox: Folder, _ limit: Int) throws -> JobDocument? {
    let path = folder.appending(Self.fileName)
    guard let status = try inbox.status(path) else {
      known[folder] = nil
      return nil
    }
    if let known = known[folder], known.status == status { return try known.result.get() }
    let bytes = try inbox.contents(path, limit: min(limit, Self.maxBytes))
    let result = Result { () throws(Failure) in
      try JobDocument(
        try TOMLFile(bytes, source: path.escaped).values, source: path.escaped)
    }
    known[folder] = (status, result)
    return try result.get()
  }
}
