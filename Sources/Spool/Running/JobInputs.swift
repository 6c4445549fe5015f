import Diagnostics

@preconcurrency import Glibc

/// Opens the media of jobs for workers, which may open no files themselves.
///
/// People may still change what is in a job's folder after it was taken: whoever had it open, or may
/// write in `work/`. So every file is reached step by step from the folder of the spool, no link is
/// followed on the way, and what is there has to be the file that was taken.
enum JobInputs {
  /// The most media of a job: each is an open file.
  static let most = 1000

  /// Opens all media of a job, in their order.
  ///
  /// - Parameter work: the folder `work/`.
  /// - Throws: `spool.replaced` for what is not what was taken, `job.media` for too many, and
  ///   `CallFailure`.
  static func open(_ claim: JobClaim, in work: Folder) throws -> [OpenedFile] {
    guard claim.media.count <= most else {
      throw Failure(
        .badInput, code: .jobMedia,
        "\(claim.name) is about \(claim.media.count) files; at most \(most) can be looked at",
        remedy: "Ask about fewer at a time, or make a video of them.")
    }
    let folder: Folder
    do {
      folder = try work.folder(BytePath(claim.id).appending(JobClaim.inputFolder))
    } catch let failure as CallFailure where failure.isReplacement {
      throw replaced(claim.name)
    }
    return try claim.media.map { try open($0, in: folder) }
  }

  private static func open(_ medium: JobClaim.Medium, in input: Folder) throws -> OpenedFile {
    do {
      return try input.inParent(of: medium.file) { folder, name in
        let shown = folder.shown(name)
        // Without O_NONBLOCK the open of a FIFO that nobody writes to would hang.
        let file = try folder.calls.call(.open, shown) {
          name.withCString {
            openat(
              folder.descriptor, $0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
          }
        }
        let opened = OpenedFile(descriptor: file)
        var status = stat()
        try folder.calls.call(.status, shown) { fstat(file, &status) }
        guard isTheSame(status, as: medium) else { throw replaced(medium.file) }
        return opened
      }
    } catch let failure as CallFailure where failure.isReplacement {
      throw replaced(medium.file)
    }
  }

  /// Whether a file is the one that was taken.
  ///
  /// A copy has another identity, and so has everything on file systems that number files anew. Then
  /// it has to be the daemon's own and have one name only: nobody else could have put it there.
  private static func isTheSame(_ status: stat, as medium: JobClaim.Medium) -> Bool {
    guard status.st_mode & S_IFMT == S_IFREG else { return false }
    let found = FileStatus(status)
    guard let identity = medium.identity, identity != found.identity else { return true }
    return found.size == medium.size && status.st_uid == geteuid() && status.st_nlink == 1
  }

  private static func replaced(_ file: BytePath) -> Failure {
    Failure(
      .badInput, code: .spoolReplaced,
      "\(file) was replaced after the job was taken, and is not looked at",
      remedy: "Drop it in again, and leave it alone then.")
  }
}

extension CallFailure {
  /// Whether it can only fail so because something else is in the place of a file or folder.
  fileprivate var isReplacement: Bool { [ELOOP, ENOTDIR, ENXIO, ENODEV].contains(number) }
}
