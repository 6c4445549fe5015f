import Diagnostics
import Options
import WorkerProtocol

/// Reads the questions about the files of a folder.
extension FolderScan {
  /// The contents of a job file or sidecar, read again when it changed.
  func read(_ name: BytePath, isText: Bool, status: FileStatus) throws -> JobDocument {
    let full = path.appending(name)
    if let known = watcher.documents[full], known.status == status { return try known.result.get() }
    let result: Result<JobDocument, Failure>
    do {
      let bytes = try folder.contents(name, limit: watcher.settings.jobFileBytes)
      result = Result { () throws(Failure) in
        isText
          ? try JobDocument(text: bytes, source: full.escaped)
          : try JobDocument(json: bytes, source: full.escaped)
      }
    } catch let failure as Failure {
      result = .failure(failure)
    }
    watcher.documents[full] = (status, result)
    return try result.get()
  }

  /// The settings of the folder and the daemon; `nil` while they are invalid.
  mutating func inherited(for full: BytePath) throws -> JobDocument? {
    var defaults = JobDocument()
    defaults.prompts = watcher.settings.prompts
    defaults.priority = watcher.settings.priority
    defaults.options = watcher.settings.options
    do {
      let own = try watcher.folderSettings.document(
        for: path, in: watcher.inbox, limit: watcher.settings.jobFileBytes)
      return merged(own, over: defaults)
    } catch let failure as Failure {
      // Answering with other prompts than the folder's would be worse than answering later.
      let text = "waits until illava.toml is mended: \(failure.message)"
      if watcher.incomplete.updateValue(text, forKey: full) != text {
        watcher.report(.warning, "inbox/\(full) \(text)")
      }
      again(in: 2000)
      return nil
    }
  }

  func merged(_ own: JobDocument, over other: JobDocument) -> JobDocument {
    var result = own
    result.prompts = own.prompts ?? other.prompts
    result.priority = own.priority ?? other.priority
    result.options = own.options.filled(from: other.options)
    return result
  }

  /// Reads the sidecars of one file, and the reason why the question is invalid, if it is.
  func read(
    _ sidecars: [Sidecar]
  ) throws -> (document: JobDocument, refusal: (any Error)?) {
    var refusal: (any Error)?
    var own = JobDocument()
    for sidecar in sidecars {
      do {
        let said = try read(sidecar.name, isText: sidecar.isText, status: sidecar.status)
        if own.prompts != nil, said.prompts != nil {
          throw Failure(
            .badInput, code: .jobPrompts,
            "both \(sidecars.map { path.appending($0.name).escaped }.joined(separator: " and ")) ask "
              + "something",
            remedy: "Keep one of them, and drop the file in again.")
        }
        own.prompts = said.prompts ?? own.prompts
        own.priority = said.priority ?? own.priority
        own.followUp = said.followUp ?? own.followUp
        own.options = said.options.filled(from: own.options)
        if said.media != nil {
          throw Failure(
            .badInput, code: .jobMedia, "\(path.appending(sidecar.name)) names media",
            remedy:
              "End the name of a job file in .job.json: a sidecar asks about the file it is named after."
          )
        }
      } catch let failure as Failure {
        refusal = failure
      }
    }
    return (own, refusal)
  }
}
