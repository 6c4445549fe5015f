import CLinux

@preconcurrency import Glibc

/// The kernel's events about folders, read without waiting.
final class Inotify {
  /// An event in a watched folder.
  struct Event {
    /// The folder.
    var folder: BytePath
    /// The name in it; empty for the folder itself.
    var name: BytePath
    /// A file was renamed into the folder.
    var isMovedIn: Bool
    /// A file that was open for writing was closed.
    var isClosed: Bool
  }

  /// The events of one read.
  struct Report {
    var events: [Event] = []
    /// Whether events were lost because there were too many.
    var hasOverflowed = false
  }

  /// Becomes readable when there is something to read.
  let descriptor: Int32
  private var folders: [Int32: BytePath] = [:]
  private var watches: [BytePath: Int32] = [:]

  /// Returns `nil` where this user's inotify instances are used up.
  init?() {
    descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
    guard descriptor >= 0 else { return nil }
  }

  deinit { close(descriptor) }

  /// Watches a folder.
  ///
  /// - Returns: whether the kernel watches it.
  func watch(_ folder: Folder, as path: BytePath) -> Bool {
    let mask =
      IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF
      | IN_MOVE_SELF | IN_ONLYDIR
    // By descriptor, so that the open folder is watched and no other.
    let watch = inotify_add_watch(
      descriptor, "/proc/self/fd/\(folder.descriptor)", UInt32(bitPattern: Int32(mask)))
    guard watch >= 0 else { return false }
    if watches[path] == watch { return true }
    // Another folder has this name now.
    forget(path)
    // A renamed folder keeps its watch.
    if let old = folders[watch] { watches[old] = nil }
    folders[watch] = path
    watches[path] = watch
    return true
  }

  /// Stops watching a folder.
  func forget(_ path: BytePath) {
    guard let watch = watches.removeValue(forKey: path) else { return }
    folders[watch] = nil
    inotify_rm_watch(descriptor, watch)
  }

  /// All events since the last call.
  func read() -> Report {
    var report = Report()
    let header = MemoryLayout<inotify_event>.size
    withUnsafeTemporaryAllocation(
      byteCount: 1 << 16, alignment: MemoryLayout<inotify_event>.alignment
    ) { buffer in
      while true {
        let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        guard count > 0 else { return }
        var offset = 0
        while offset + header <= count {
          let event = buffer.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
          let start = offset + header
          let end = min(count, start + Int(event.len))
          add(event, name: BytePath(bytes: buffer[start..<end]), to: &report)
          offset = end
        }
      }
    }
    return report
  }

  private func add(_ event: inotify_event, name: BytePath, to report: inout Report) {
    func has(_ bit: Int32) -> Bool { event.mask & UInt32(bitPattern: bit) != 0 }
    if has(Int32(IN_Q_OVERFLOW)) { report.hasOverflowed = true }
    guard let folder = folders[event.wd] else { return }
    report.events.append(
      Event(
        folder: folder, name: name, isMovedIn: has(Int32(IN_MOVED_TO)),
        isClosed: has(Int32(IN_CLOSE_WRITE))))
    if has(Int32(IN_IGNORED)) {
      folders[event.wd] = nil
      if watches[folder] == event.wd { watches[folder] = nil }
    }
  }
}
