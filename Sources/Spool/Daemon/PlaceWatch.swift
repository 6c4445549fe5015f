import Diagnostics

@preconcurrency import Glibc

/// Notices when a folder of the spool is no longer the one that is open: renamed, removed, replaced
/// or mounted over. An open folder goes on to work where it is, out of everybody's sight.
final class PlaceWatch {
  /// What a look showed.
  struct Look {
    /// Folders that are others now; they are open.
    var reopened: [SpoolLayout.Place] = []
    /// Why nothing here belongs together any more, and all of it has to be opened anew; `nil` as
    /// long as it does.
    var isLost: String?
    /// What a person should know, and how bad it is.
    var words: [(level: LogLevel, text: String)] = []
  }

  private let layout: SpoolLayout
  private let clock: SpoolClock
  /// Since when a folder is not there, by the steady clock.
  private var goneSince: [SpoolLayout.Place: Int] = [:]
  /// What keeps a folder from being used; `nil` as a key stands for the root.
  private var troubles: [SpoolLayout.Place?: Failure] = [:]

  /// Milliseconds between two looks.
  static let interval = 3000
  /// Milliseconds that a folder may be gone, as while somebody exchanges it, before it is made again.
  private static let patience = 5000

  init(layout: SpoolLayout, clock: SpoolClock) {
    self.layout = layout
    self.clock = clock
  }

  /// What is wrong now; `nil` where everything is in its place.
  var trouble: Failure? { troubles.sorted { $0.value.message < $1.value.message }.first?.value }

  /// Looks at all folders, and opens those that are others now.
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

  /// - Returns: whether the root is still the one that is open.
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

  /// Goes on with the folder that is there now.
  private func take(_ place: SpoolLayout.Place, _ text: String, _ look: inout Look) throws {
    try layout.open(place)
    goneSince[place] = nil
    troubles[place] = nil
    // The jobs that are at work lie there: everything has to be brought together again.
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
