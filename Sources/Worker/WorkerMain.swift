import CLinux
import Diagnostics
import Engine
import WorkerProtocol

@preconcurrency import Glibc

/// The worker process: takes jobs from a pipe, one at a time, and keeps the model between them.
public enum WorkerMain {
  /// Works until the daemon lets go of the pipe or ends.
  ///
  /// - Parameter model: the folder of the model, the only one that will be read.
  public static func run(descriptor: Int32, model: String) {
    // The kernel ends a worker whose daemon died; if that was before this line, its pipe is broken.
    _ = linux_set_parent_death_signal(SIGKILL)
    signal(SIGPIPE, SIG_IGN)
    // When memory runs out, this process is the one that may go: its job is tried again.
    OutOfMemoryScore.raise()
    // Opens what could not be opened any more in the cage.
    ProcessMemory.resetPeak()
    let cage = Cage.close(pipe: descriptor, model: model)
    let pipe = WorkerPipe(descriptor: descriptor)
    pipe.startReading()
    pipe.send(.ready(cage))
    let desk = JobDesk(pipe: pipe)
    while true {
      let (job, files) = pipe.nextJob()
      pipe.send(desk.answer(job, files))
    }
  }
}
