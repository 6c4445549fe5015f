import Diagnostics

@preconcurrency import Glibc

/// Notices when a folder of the spool is no longer the open one: renamed, removed, replaced or mounted
/// over. An open folder still works after that, but nobody sees it.
final class PlaceWatch {
  /// The result of a check.
  struct Look {
    /// Folders that were replaced and have been opened.
    var reopened: [SpoolLayout.Place] = []
    /// Why the open folders no longer belong together and all have to be opened again; `nil` if they do.
    var isLost: String?
    /// Messages for the user, with their level.
    var words: [(level: LogLevel, text: String)] = []
  }

  private let layout: SpoolLayout
  private let clock: SpoolClock
  /// Since when a folder has been missing, by the steady clock.
  private var goneSince: [SpoolLayout.Place: Int] = [:]
  /// The reasons why folders cannot be used; the key `nil` is the root.
  private var troubles: [SpoolLayout.Place?: Failure] = [:]

  /// Milliseconds between two checks.
  static let interval = 3000
  /// Milliseconds that a folder may be missing, for example during a replacement, before it is created.
  private static let patience = 5000

  init(layout: SpoolLayout, clock: SpoolClock) {
    self.layout = layout
    self.clock = clock
  }

  /// The current problem; `nil` where every folder is in its place.
  var trouble: Failure? { troubles.sorted { $0.value.message < $1.value.message }.first?.value }

  /// Checks all folders, and opens those that were replaced.
  func look() -> Look {
    var look = Look()
    do {
      guard try root(&look) else { return look }
    } catch {
      note(nil, Failure.describing(error), &look)
      return look
    }
    clear(nil, "\(layout.root.path) is there again", &look)
    for place in SpoolLayout.Place.allCases {
      do {
        try self.look(at: place, &look)
      } catch {
        note(place, Failure.describing(error), &look)
      }
    }
    return look
  }

  /// - Returns: whether the root is still the open one.
  private func root(_ look: inout Look) throws -> Bool {
    let path = layout.root.path
    var status = stat()
    guard stat(path, &status) == 0 else {
      let number = errno
      guard number == ENOENT else {
        throw CallFailure(operation: .status, path: path, number: number)
      }
      let failure = Failure(
        .fault, code: .spoolGone, "\(path) is gone: nothing is begun until it is there again",
        remedy: "Bring the folder of the spool back, or make an empty one.")
      note(nil, failure, &look)
      return false
    }
    let found = FileStatus(status)
    guard found.kind == .folder else { throw Self.noFolder(path) }
    if found.identity == (try layout.root.status().identity) { return true }
    look.isLost = "\(path) is another folder now"
    return false
  }

  private func look(at place: SpoolLayout.Place, _ look: inout Look) throws {
    let folder = layout.folder(place)
    let now = clock.steady()
    guard let found = try layout.root.status(place.name) else {
      let since = goneSince[place] ?? now
      goneSince[place] = since
      guard now - since >= Self.patience else {
        note(place, Self.gone(folder.path), &look)
        return
      }
      try take(place, "\(folder.path) was gone and is made again", &look)
      return
    }
    guard found.kind == .folder else { throw Self.noFolder(folder.path) }
    guard found.identity == (try folder.status().identity) else {
      try take(place, "\(folder.path) is another folder now: that one is used from now on", &look)
      return
    }
    goneSince[place] = nil
    clear(place, "\(folder.path) is there again", &look)
  }

  /// Switches to the folder that now has the name.
  private func take(_ place: SpoolLayout.Place, _ text: String, _ look: inout Look) throws {
    try layout.open(place)
    goneSince[place] = nil
    troubles[place] = nil
    // Jobs in progress are in this folder, so everything has to be opened again.
    if place == .work { look.isLost = text } else { look.words.append((.warning, text)) }
    look.reopened.append(place)
  }

  private func note(_ place: SpoolLayout.Place?, _ failure: Failure, _ look: inout Look) {
    guard troubles.updateValue(failure, forKey: place) != failure else { return }
    look.words.append((.error, failure.message))
  }

  private func clear(_ place: SpoolLayout.Place?, _ text: String, _ look: inout Look) {
    if troubles.removeValue(forKey: place) != nil { look.words.append((.notice, text)) }
  }

  private static func gone(_ path: String) -> Failure {
    Failure(
      .fault, code: .spoolGone, "\(path) is gone",
      remedy: "Bring it back; otherwise it is made again in a few seconds.")
  }

  private static func noFolder(_ path: String) -> Failure {
    Failure(
      .fault, code: .spoolNoFolder, "\(path) is not a folder any more",
      remedy: "Move away what is there; the folder is made again by itself.")
  }
}
