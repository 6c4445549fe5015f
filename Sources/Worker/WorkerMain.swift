import CLinux
import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc

/// The worker process: takes jobs from a pipe, one at a time, and keeps the model between them.
public enum WorkerMain {
  /// Works until the daemon lets go of the pipe or ends.
  public static func run(descriptor: Int32) {
    // The kernel ends a worker whose daemon died; if that was before this line, its pipe is broken.
    _ = linux_set_parent_death_signal(SIGKILL)
    signal(SIGPIPE, SIG_IGN)
    // When memory runs out, this process is the one that may go: its job is tried again.
    OutOfMemoryScore.raise()
    let pipe = WorkerPipe(descriptor: descriptor)
    pipe.startReading()
    pipe.send(.ready)
    let desk = JobDesk(pipe: pipe)
    while true { pipe.send(desk.answer(pipe.nextJob())) }
  }
}
