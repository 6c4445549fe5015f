import Basics
import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc

/// The checks of `illava doctor`.
public struct Checkup: Sendable {
  /// The result of one check.
  public struct Finding: Codable, Sendable, Equatable {
    /// How good or bad the result is.
    public enum Level: String, Codable, Sendable {
      case good, note, bad
    }

    /// How good or bad the result is.
    public var level: Level
    /// The subject of the check.
    public var subject: String
    /// The result, in words.
    public var message: String
    /// Advice on what to do.
    public var remedy: String?
  }

  /// All results, in the order in which problems should be fixed.
  public private(set) var findings: [Finding] = []

  private let place: SpoolPlace
  /// The restrictions on a worker of the running daemon.
  private var cage: WorkerCage?

  /// Checks a spool without changing anything.
  public init(_ place: SpoolPlace) {
    self.place = place
    let settings = configuration()
    guard folders(settings) else { return }
    store()
    daemon()
    findings.append(CageCheck.finding(cage))
    work(settings)
  }

  private mutating func add(
    _ level: Finding.Level, _ subject: String, _ message: String, _ remedy: String? = nil
  ) {
    findings.append(Finding(level: level, subject: subject, message: message, remedy: remedy))
  }

  private mutating func add(_ subject: String, _ failure: Failure) {
    add(.bad, subject, failure.message, failure.remedy)
  }

  private mutating func configuration() -> Settings {
    do {
      let settings = try place.settings()
      add(.good, "configuration", place.configuration ?? "none: the defaults are used")
      guard !settings.model.isEmpty else {
        add(
          .note, "model", "the configuration names no model",
          "Set path in [model], or start illavad with --model.")
        return settings
      }
      modelFile(settings.model)
      return settings
    } catch {
      add("configuration", error)
      return Settings()
    }
  }

  /// Looks for the file that a model begins with: the configuration of a folder, or a GGUF file.
  private mutating func modelFile(_ model: String) {
    // Ollama's files are found by its manifests, which the worker reads.
    if model.hasPrefix("ollama:") { return add(.good, "model", model) }
    let isFile = model.lowercased().hasSuffix(".gguf")
    let file = isFile ? model : model + "/config.json"
    if access(file, R_OK) == 0 { return add(.good, "model", model) }
    let problem = String(cString: strerror(errno))
    add(
      .bad, "model", "\(file): \(problem)",
      "Put the \(isFile ? "file" : "folder of a checkpoint") there, readable for the daemon's user."
    )
  }

  private mutating func folders(_ settings: Settings) -> Bool {
    let calls = SystemCalls()
    if access(SpoolLayout.store(in: place.root), F_OK) != 0, errno == ENOENT || errno == ENOTDIR {
      add(
        .bad, "spool", "there is no spool in \(place.root)",
        "Start illavad there once, or name another folder with --spool.")
      return false
    }
    if access(place.root, R_OK) != 0, errno == EACCES, access(place.root, X_OK) == 0 {
      findings += RightsCheck.findings(place.root)
      add(.note, "spool", "only the daemon's user may look into all of it")
      return true
    }
    do {
      let root = try Folder(path: place.root, calls: calls)
      let work = try root.folder(SpoolLayout.Place.work.name)
      for place in SpoolLayout.Place.allCases {
        let name = place.rawValue
        guard try root.status(place.name) != nil else {
          throw CallFailure(operation: .open, path: root.shown(place.name), number: ENOENT)
        }
        // The check of rights reports folders that may not be opened.
        guard let folder = try? root.folder(place.name) else { continue }
        if try place != .work && !folder.isOnSameMount(as: work) {
          add(
            .note, name, "\(folder.path) is on another file system than \(work.path)",
            "Put both on one file system: files are copied instead of renamed, so every job takes "
              + "longer and needs the room twice for a moment.")
        }
      }
      findings += RightsCheck.findings(place.root)
      guard access(place.root + "/inbox", R_OK | W_OK | X_OK) == 0 else {
        add(.note, "inbox", "you may not drop files here", "See “rights” above for who may.")
        return true
      }
      let inbox = try root.folder("inbox").fileSystem
      add(
        .good, "inbox",
        "\(inbox.name): \(inbox.reportsChanges ? "changes are reported" : "looked through every \(TimeSpan.setting(seconds: settings.poll))")"
      )
      let free = try root.freeBytes()
      if free < settings.diskFloor {
        add(
          .bad, "disk",
          "\(ByteCount.text(free)) are free, less than the "
            + "\(ByteCount.text(settings.diskFloor)) that are kept free",
          "Free some space, such as with illava clean --older-than 30d, which removes old answers.")
      } else {
        add(.good, "disk", "\(ByteCount.text(free)) are free")
      }
      return true
    } catch {
      add("spool", Failure.describing(error))
      return false
    }
  }

  private mutating func store() {
    guard access(SpoolLayout.store(in: place.root), R_OK) == 0 || errno != EACCES else {
      return add(
        .note, "store", "only the daemon's user may look into it",
        "As that user, illava doctor checks whether it is whole.")
    }
    do {
      let store = try SpoolClient(root: place.root).store()
      let problems = try store.integrityProblems()
      guard problems.isEmpty else {
        add(
          .bad, "store", "SQLite finds damage: \(problems.prefix(3).joined(separator: "; "))",
          "Stop the daemon, move state.sqlite* away and start it: what lies in work/ is taken up "
            + "again, and answers stay where they are.")
        return
      }
      for problem in try store.damagedRows().prefix(10) {
        add(.bad, "store", problem, "Look for its files in work, outbox and failed.")
      }
      let log = StoreFiles(SpoolLayout.store(in: place.root)).logBytes
      if log > 4 * StoreFiles.usualLog {
        add(
          .note, "store", "state.sqlite-wal has grown to \(ByteCount.text(log))",
          "End the program that has been reading the store for long: the daemon empties the log then."
        )
      }
      let counts = try store.counts()
      let failed = counts[.failed] ?? 0
      add(.good, "store", "whole, \(counts.values.clampedSum()) jobs")
      if failed > 0 {
        add(.note, "jobs", "\(failed) failed", "Run illava list --state failed to see why.")
      }
    } catch {
      add("store", Failure.describing(error))
    }
  }

  private mutating func daemon() {
    do {
      guard let live = try SpoolClient(root: place.root).live() else {
        add(
          .bad, "daemon", "not running: jobs wait in the inbox",
          "Start it: systemctl start illavad, or illavad --spool \(place.root).")
        return
      }
      cage = live.cage
      add(.good, "daemon", "running, process \(live.process)")
      if live.isPaused { add(.note, "queue", "paused by a person", "Run illava resume to go on.") }
      if let obstacle = live.obstacle { add(.bad, "queue", obstacle.message, obstacle.remedy) }
      for notice in live.notices ?? [] { add(.note, "spool", notice.text) }
      if let lost = live.lostLines, lost > 0 {
        add(
          .note, "log", "\(lost) lines were lost: nobody read them",
          "Make sure that what the daemon writes to standard error is read.")
      }
      for waiting in live.refused.prefix(10) {
        add(
          .note, "inbox", "\(waiting.path) \(waiting.reason)",
          "Remove it, or put a regular file in its place.")
      }
      for waiting in live.incomplete.prefix(10) {
        add(.note, "inbox", "\(waiting.path) \(waiting.reason)")
      }
      if let left = live.leftAlone { findings += Self.findings(about: left) }
    } catch {
      add("daemon", Failure.describing(error))
    }
  }

  private mutating func work(_ settings: Settings) {
    guard settings.maxAttempts > 1, settings.stall > settings.deadline else { return }
    add(
      .note, "configuration", "running.stall is longer than running.deadline and never counts",
      "Make it shorter.")
  }
}
