import Diagnostics

@preconcurrency import Glibc

/// Whether files of a folder are complete.
extension FolderScan {
  func signal(_ full: BytePath) -> Sighting.Signal? { watcher.sightings[full]?.signal }

  /// Whether a file is complete, as far as can be known.
  ///
  /// - Parameter isCommitted: whether another file shows that it is complete.
  mutating func isReady(
    _ full: BytePath, _ status: FileStatus, isCommitted: Bool
  ) throws -> Bool {
    guard let sighting = watcher.sightings[full] else { return false }
    // Some programs create a file long before they write to it.
    let patience = status.size == 0 ? 15.0 : 1.0
    let stability = SpoolClock.milliseconds(watcher.settings.stability * patience)
    let isWhole = isCommitted || (sighting.signal == .movedIn && status.size > 0)
    if !isWhole, !sighting.isStill(for: stability, now: now) {
      again(in: sighting.since + stability - now)
      return false
    }
    do {
      // A slow writer may pause longer than any waiting time; where the kernel can tell, it decides.
      if try watcher.inbox.hasWriter(full) == true {
        watcher.sightings[full]?.isBeingWritten(now: now)
        again(in: max(50, min(1000, stability)))
        return false
      }
    } catch let failure as CallFailure {
      if failure.number == ENOENT { return false }
      refuse(full, "\(Self.unreadable): \(failure.failure.message)")
      unreadableNow.insert(full)
      again(in: 5000)
      return false
    }
    return true
  }

  mutating func again(in milliseconds: Int) {
    due = min(due ?? .max, now + max(10, milliseconds))
  }
}
