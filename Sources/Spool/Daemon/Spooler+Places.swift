import Basics
import Diagnostics
import WorkerProtocol

/// Changes to folders and clocks while the daemon runs.
extension Spooler {
  private static let maxNotices = 5
  /// If a step comes this many milliseconds late, the machine or the daemon was suspended.
  private static let asleep = 5000

  /// Checks that all folders are still in their places, and switches to replacements.
  func lookAtPlaces() throws {
    placesTime = clock.steady() + PlaceWatch.interval
    let look = places.look()
    for (level, text) in look.words { tell(level, text) }
    if let text = look.isLost, isLost == nil {
      isLost = text
      tell(.warning, "\(text): everything is opened anew")
    }
    if look.reopened.contains(.inbox) { watcher.restart(layout.inbox) }
    if let trouble = places.trouble {
      placesTime = clock.steady() + 1000
      dispatcher.hinder(by: ErrorReport(trouble), seconds: 2)
    }
    for place in look.reopened where place != .work {
      try reconciler.removeLeftovers(in: layout.folder(place))
    }
  }

  /// Checks immediately, before relying on the folders.
  ///
  /// - Throws: the problem with the folders.
  func demandPlaces() throws {
    try lookAtPlaces()
    if let isLost {
      throw Failure(.fault, code: .spoolMoved, "\(isLost): everything is opened anew")
    }
    if let trouble = places.trouble { throw trouble }
  }

  /// Whether the spool's own folder is still the open one.
  func isRootInPlace() throws -> Bool {
    try Folder(path: layout.root.path, calls: layout.root.calls).status().identity
      == layout.root.status().identity
  }

  /// Logs a message that `illava status` shows, too.
  func tell(_ level: LogLevel, _ text: String) {
    log(level, nil, text)
    notices.append(LiveStatus.Notice(time: clock.wall(), text: text))
    notices.removeFirst(max(0, notices.count - Self.maxNotices))
  }

  // MARK: - Time

  /// Repairs times in the store that a wrong clock left.
  func startClock() throws {
    // No job waits longer.
    let longest = Int(min(settings.retryMax, 31_536_000) * 1000)
    try store.calmTimes(now: clock.wall(), longest: longest)
    if let words = clockWatch.look().words { tell(.warning, words) }
    try noteTime()
  }

  /// Stores the current time for the next start.
  func noteTime() throws {
    let time = clockWatch.trusted
    guard abs(time - notedTime) >= 60_000 else { return }
    try store.noteTime(time)
    notedTime = time
  }

  /// Handles changes of the clock.
  ///
  /// - Parameter now: the time by the steady clock.
  func takeTime(now: Int) throws {
    let late = expectedTime < now ? now - expectedTime : 0
    if late >= Self.asleep {
      if dispatcher.isBusy {
        let span = TimeSpan.text(seconds: Double(late) / 1000)
        log(.notice, nil, "everything stood still for \(span): what runs gets as much more time")
      }
      dispatcher.wasAsleep(for: late)
      watcher.wasAsleep(for: late)
      announcer.wasAsleep(for: late)
    }
    let look = clockWatch.look()
    if let words = look.words { tell(.warning, words) }
    guard look.jump != 0 else { return }
    let span = TimeSpan.text(seconds: Double(abs(look.jump)) / 1000)
    tell(.notice, "the clock was set \(look.jump > 0 ? "forward" : "back") by \(span)")
    try store.followClock(by: look.jump)
  }
}
