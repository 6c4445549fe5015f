import Diagnostics
import Media
import WorkerProtocol

@preconcurrency import Glibc

/// The media of a job, opened by the daemon; closed with the last reference.
final class OpenFiles: Sendable {
  private let descriptors: [Int32]

  init(_ descriptors: [Int32]) { self.descriptors = descriptors }

  deinit { for descriptor in descriptors { close(descriptor) } }

  /// The paths that refer to the media of a job.
  ///
  /// - Throws: `worker.files` where a medium came without a file.
  func paths(of job: WorkerJob) throws(Failure) -> [String] {
    guard descriptors.count == job.media.count else {
      throw Failure(
        .fault, code: .workerFiles,
        "\(descriptors.count) open files came with a job of \(job.media.count) media",
        remedy: "Raise the limit on open files (LimitNOFILE of the unit, or ulimit -n).")
    }
    return zip(descriptors, job.media).map { PassedFile.path(descriptor: $0, name: $1.file) }
  }
}
