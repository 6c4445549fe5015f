import Basics
import Diagnostics
import FoundationEssentials
import Options
import WorkerProtocol

@preconcurrency import Glibc

/// Submits files: they are copied into the inbox together with the question, and appear there whole.
public struct Submission: Sendable {
  /// The questions; empty for the defaults of the inbox.
  public var prompts: [String] = []
  /// The chosen options.
  public var options = QuestionOptions()
  /// Other chosen members, by their names in job files.
  public var named: [String: String] = [:]
  /// Other chosen members as they are in JSON.
  public var members: [String: JSONValue] = [:]
  /// Who asks, for messages.
  public var source = "the command line"
  /// The answered job whose files are asked about again, instead of files of its own.
  public var followUp: String?
  /// What was said before; empty for nothing.
  public var turns: [JobTurn] = []
  /// The pictures to draw; `nil` for what the configuration says.
  public var visualize: Visualization?
  /// Higher goes first.
  public var priority: Int?

  let root: String

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
      let place = try SubmissionFolder(root: root, id: id, calls: calls)
      do {
        let folder = place.folder
        var taken: Set<String> = [InboxNames.folderJob.escaped]
        var names: [String] = []
        for path in paths {
          var name = SafeName.make(BytePath(bytes: path.utf8), taken: &taken)
          // A name with a special meaning in the inbox would not be taken as media.
          if InboxNames.meaning(BytePath(name)) != .media { name = "file-" + name + ".media" }
          try copy(path, to: folder, BytePath(name))
          names.append(name)
        }
        try place.finish(try document(names))
      } catch {
        place.discard()
        throw error
      }
      return id
    } catch {
      throw Failure.describing(error)
    }
  }

  func document(_ media: [String]) throws(Failure) -> [UInt8] {
    var object: [String: JSONValue] = [:]
    if let followUp {
      object["follow_up"] = .text(followUp)
    } else {
      object["media"] = .array(media.map { .text($0) })
    }
    if !prompts.isEmpty { object["prompts"] = .array(prompts.map { .text($0) }) }
    if !turns.isEmpty {
      object["turns"] = .array(
        turns.map { .object(["question": .text($0.question), "answer": .text($0.answer)]) })
    }
    if let visualize { object["visualize"] = .text(visualize.rawValue) }
    if let priority { object["priority"] = .integer(priority) }
    var chosen: [String: JSONValue] = [:]
    for (option, value) in options.chosen { chosen[option.name] = JSONValue(value) }
    for (name, text) in named { chosen[name] = Self.value(text, of: name) }
    for (name, value) in members { chosen[name] = value }
    if !chosen.isEmpty { object["options"] = .object(chosen) }
    // What the daemon would refuse is refused here, where the user sees it.
    _ = try JobDocument(object, source: source)
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
