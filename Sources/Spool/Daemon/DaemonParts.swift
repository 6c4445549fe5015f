import Diagnostics

@preconcurrency import Glibc

/// Everything that a daemon has open: the lock of a spool, its folders and store, and the socket.
final class DaemonParts {
  let lock: SpoolLock
  let spooler: Spooler
  private(set) var desk: ControlDesk
  private(set) var control: ControlServer
  private let root: String
  private let socket: String
  private var socketIdentity: FileStatus.Identity?

  /// Opens a spool and listens; jobs are not touched yet.
  ///
  /// - Parameters:
  ///   - lock: the lock, where this process already has it.
  ///   - isStopped: called while another process holds the lock; `true` ends the wait.
  /// - Throws: `spool.busy` when another daemon has it, or the reason why it cannot be used.
  init(
    _ setup: Daemon.Setup, settings: Settings, log: DaemonLog, notifier: SystemdNotifier,
    clock: SpoolClock, lock known: SpoolLock?, isStopped: () -> Bool
  ) throws(Failure) {
    root = setup.root
    socket = SpoolLayout.socket(in: setup.root)
    do {
      let calls = SystemCalls(
        crash: CrashSteps(environment: setup.environment), pulse: { notifier.alive() })
      let layout = try SpoolLayout(path: setup.root, calls: calls)
      lock =
        try known ?? SpoolLock.wait(root: setup.root, patience: 5000, isStopped: isStopped)
      for words in try layout.closeToOthers() { log.write(.notice, words) }
      try layout.probeRights()
      let store = try JobStore(path: SpoolLayout.store(in: setup.root), calls: calls)
      setup.launcher.standardError = log.descriptor
      spooler = try Spooler(
        layout: layout, store: store, settings: settings, launcher: setup.launcher, clock: clock
      ) { log.write($0, job: $1, $2) }
      spooler.disposal.failurePage = setup.failurePage
      desk = try ControlDesk()
      control = try Self.control(setup.root, desk, layout, clock)
    } catch {
      throw Failure.describing(error)
    }
    socketIdentity = identity
  }

  /// Releases clients and workers.
  func close() {
    spooler.dispatcher.releaseAll()
    desk.close()
    // If the folder was replaced, another daemon may be listening there.
    if socketIdentity != nil, identity == socketIdentity { unlink(socket) }
  }

  /// Listens again at the socket's path after the socket was removed or replaced.
  ///
  /// - Throws: `control.listen`.
  func listenAgain(clock: SpoolClock) throws(Failure) {
    let desk = try ControlDesk()
    let control = try Self.control(root, desk, spooler.layout, clock)
    try control.start()
    self.desk.close()
    (self.desk, self.control) = (desk, control)
    socketIdentity = identity
  }

  private static func control(
    _ root: String, _ desk: ControlDesk, _ layout: SpoolLayout, _ clock: SpoolClock
  ) throws(Failure) -> ControlServer {
    do {
      return try ControlServer(
        path: SpoolLayout.socket(in: root), desk: desk, clock: clock,
        store: SpoolLayout.store(in: root), readers: layout.answerReaders())
    } catch {
      throw Failure.describing(error)
    }
  }

  /// Whether clients that look for the daemon find it.
  var isFound: Bool { identity == socketIdentity }

  private var identity: FileStatus.Identity? {
    var status = stat()
    return lstat(socket, &status) == 0 ? FileStatus(status).identity : nil
  }
}
