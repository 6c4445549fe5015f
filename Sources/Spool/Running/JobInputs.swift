import Diagnostics

@preconcurrency import Glibc

/// Opens the media of jobs for workers, which may not open files themselves.
///
/// Users may still change a job's folder after it was claimed: anyone who had it open, or who may write
/// in `work/`. So every file is opened step by step from the spool's folder, without following links,
/// and must be the file that was claimed.
enum JobInputs {
  /// The most media of a job, because each is an open file.
  static let most = 1000

  /// Opens all media of a job, in their order.
  ///
  /// - Parameter work: the folder `work/`.
  /// - Throws: `spool.replaced` for a file that was not claimed, `job.media` for too many, and
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
        // Without O_NONBLOCK, opening a FIFO without a writer would block forever.
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

  /// Whether a file is the one that was claimed.
  ///
  /// A copy has another identity, and some file systems change identities. Then the file must belong to
  /// the daemon and have only one name, so that no other user can have put it there.
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
  /// Whether the error can only mean that another file is in the place of a file or folder.
  fileprivate var isReplacement: Bool { [ELOOP, ENOTDIR, ENXIO, ENODEV].contains(number) }
}
