import Basics
import Diagnostics
import FoundationEssentials
import Options
import WorkerProtocol

@preconcurrency import Glibc

/// Submits files: they are copied into the inbox together with the question, and appear there whole.
public struct Submission {
  /// The questions; empty for the defaults of the inbox.
  public var prompts: [String] = []
  /// The chosen options.
  public var options = QuestionOptions()
  /// Other chosen members, by their names in job files.
  public var named: [String: String] = [:]
  /// The answered job whose files are asked about again, instead of files of its own.
  public var followUp: String?
  /// Higher goes first.
  public var priority: Int?

  private let root: String

  /// A submission to the spool in a folder.
  public init(root: String) { self.root = root }

  /// Submits files as one job.
  ///
  /// - Returns: the id that the job will have.
  /// - Throws: `job.*` for invalid questions or options, `spool.*` when the files cannot be read or
  ///   copied.
  public func submit(_ paths: [String]) throws(Failure) -> String {
    let calls = SystemCalls()
    let id = JobIDs().next(milliseconds: SpoolClock.system.wall())
    do {
      let inbox = try Folder(path: root + "/inbox", calls: calls)
      let hidden = BytePath(".\(id).part")
      do {
        let folder = try inbox.makeFolder(hidden)
        // Locked as long as this process lives, so that the remains of a killed one can be recognized.
        flock(folder.descriptor, LOCK_EX | LOCK_NB)
        // The daemon is another user of the same group, whatever the umask.
        fchmod(folder.descriptor, 0o2770)
        var taken: Set<String> = [InboxNames.folderJob.escaped]
        var names: [String] = []
        for path in paths {
          var name = SafeName.make(BytePath(bytes: path.utf8), taken: &taken)
          // A name with a special meaning in the inbox would not be taken as media.
          if InboxNames.meaning(BytePath(name)) != .media { name = "file-" + name + ".media" }
          try copy(path, to: folder, BytePath(name))
          names.append(name)
        }
        try folder.write(try document(names), to: InboxNames.folderJob)
        try folder.inParent(of: InboxNames.folderJob) { folder, name in
          name.withCString { _ = fchmodat(folder.descriptor, $0, 0o660, 0) }
        }
        try folder.sync()
        try inbox.rename(hidden, to: inbox, BytePath(id))
        try inbox.sync()
      } catch {
        try? inbox.removeTree(hidden)
        throw error
      }
      return id
    } catch {
      throw Failure.describing(error)
    }
  }

  private func document(_ media: [String]) throws(Failure) -> [UInt8] {
    var object: [String: JSONValue] = [:]
    if let followUp {
      object["follow_up"] = .text(followUp)
    } else {
      object["media"] = .array(media.map { .text($0) })
    }
    if !prompts.isEmpty { object["prompts"] = .array(prompts.map { .text($0) }) }
    if let priority { object["priority"] = .integer(priority) }
    var chosen: [String: JSONValue] = [:]
    for (option, value) in options.chosen { chosen[option.name] = JSONValue(value) }
    for (name, text) in named { chosen[name] = Self.value(text, of: name) }
    if !chosen.isEmpty { object["options"] = .object(chosen) }
    // What the daemon would refuse is refused here, where the user sees it.
    _ = try JobDocument(object, source: "the command line")
    return try JSONLine.encode(object)
  }

  /// The text as a value of the option; if it is not valid, the text itself, which is then refused.
  private static func value(_ text: String, of name: String) -> JSONValue {
    JSONValue(OptionTable.option(name)?.plain(of: text) ?? .text(text))
  }

  private func copy(_ path: String, to folder: Folder, _ name: BytePath) throws {
    let source = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard source >= 0 else {
      throw Failure(
        .missingInput, code: .submitMissing, "\(path): \(String(cString: strerror(errno)))",
        remedy: "Check the path and the rights.")
    }
    defer { close(source) }
    var status = stat()
    guard fstat(source, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(
        .badInput, code: .spoolNotAFile, "\(path) is not a regular file",
        remedy: "Hand in pictures or videos.")
    }
    let target = try folder.calls.call(.open, folder.shown(name)) {
      name.withCString {
        openat(folder.descriptor, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o660)
      }
    }
    defer { close(target) }
    fchmod(target, 0o660)
    try Transfer.copyBytes(
      from: source, path, to: target, folder.shown(name), calls: folder.calls)
  }
}
