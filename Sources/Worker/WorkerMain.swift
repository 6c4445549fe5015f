import CLinux
import Diagnostics
import Engine
import Media
import WorkerProtocol

@preconcurrency import Glibc

/// The worker process: takes jobs from a pipe, one at a time, and keeps the model loaded between them.
public enum WorkerMain {
  /// Runs until the daemon closes the pipe or ends.
  ///
  /// - Parameter model: the folder of the model, the only one that is read.
  public static func run(descriptor: Int32, model: String) {
    // The kernel kills a worker whose daemon ends; if the daemon ended before this line, the pipe is
    // broken.
    _ = linux_set_parent_death_signal(SIGKILL)
    signal(SIGPIPE, SIG_IGN)
    // When memory runs out, this process should be killed before others, because its job is tried again.
    OutOfMemoryScore.raise()
    // Opens a file that cannot be opened any more after confinement.
    ProcessMemory.resetPeak()
    // Libraries read their settings and load their parts from files that the cage forbids.
    MediaLibraries.prepare()
    let cage = Cage.close(pipe: descriptor, model: model)
    let pipe = WorkerPipe(descriptor: descriptor)
    pipe.startReading()
    pipe.send(.ready(cage))
    let desk = JobDesk(pipe: pipe)
    while true {
      let (job, files) = pipe.nextJob()
      pipe.send(desk.answer(job, files))
      // The daemon starts another worker; a job that it has sent meanwhile is tried again.
      if MediaLibraries.hasWorkLeftOver { exit(0) }
    }
  }
}
