import Basics
import Diagnostics
import WorkerProtocol

/// What may change under a daemon that runs: folders and clocks.
extension Spooler {
  private static let maxNotices = 5
  /// So many milliseconds too late, the machine or the daemon stood still.
  private static let asleep = 5000

  /// Looks whether all folders are still in their places, and goes on with those that are there now.
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

  /// Looks at once, for somebody who is about to rely on the folders.
  ///
  /// - Throws: what is wrong with them.
  func demandPlaces() throws {
    try lookAtPlaces()
    if let isLost {
      throw Failure(.fault, code: .spoolMoved, "\(isLost): everything is opened anew")
    }
    if let trouble = places.trouble { throw trouble }
  }

  /// Whether the spool's own folder is still the one that is open.
  func isRootInPlace() throws -> Bool {
    try Folder(path: layout.root.path, calls: layout.root.calls).status().identity
      == layout.root.status().identity
  }

  /// Reports something that is shown by `illava status`, too.
  func tell(_ level: LogLevel, _ text: String) {
    log(level, nil, text)
    notices.append(LiveStatus.Notice(time: clock.wall(), text: text))
    notices.removeFirst(max(0, notices.count - Self.maxNotices))
  }

  // MARK: - Time

  /// Mends what a clock that was wrong left in the store.
  func startClock() throws {
    // Nothing waits for longer.
    let longest = Int(min(settings.retryMax, 31_536_000) * 1000)
    try store.calmTimes(now: clock.wall(), longest: longest)
    if let words = clockWatch.look().words { tell(.warning, words) }
    try noteTime()
  }

  /// Lets the next start know what time it was.
  func noteTime() throws {
    let time = clockWatch.trusted
    guard abs(time - notedTime) >= 60_000 else { return }
    try store.noteTime(time)
    notedTime = time
  }

  /// Takes in what the clocks say.
  ///
  /// - Parameter now: by the steady clock.
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
