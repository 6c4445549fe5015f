import Diagnostics
@preconcurrency import Glibc

/// A system call that failed.
public struct CallFailure: Error, Sendable, Equatable {
  /// The operation.
  public let operation: SystemCalls.Operation
  /// The path it was called for.
  public let path: String
  /// The `errno`.
  public let number: Int32

  /// Whether the same call may succeed later without changes to the job: a full or failing disk, a lack
  /// of memory or descriptors, a file in use.
  public var isTransient: Bool {
    switch number {
    case ENOSPC, EDQUOT, EIO, ENOMEM, EMFILE, ENFILE, EBUSY, EAGAIN, EINTR, ESTALE, ETXTBSY, EROFS:
      true
    default: false
    }
  }

  /// The failure in words.
  public var failure: Failure {
    let reason = String(cString: strerror(number))
    let message = "\(path) cannot be \(operation.participle): \(reason)"
    return switch number {
    case ENOSPC, EDQUOT:
      Failure(
        .fault, code: .spoolDiskFull, message,
        remedy: "Free some space on the disk of the spool; work goes on by itself then.")
    case EACCES, EPERM:
      Failure(
        .fault, code: .spoolNoAccess, message,
        remedy: "Give the daemon's user the right to read, write and remove files there.")
    case EROFS:
      Failure(
        .fault, code: .spoolReadOnly, message,
        remedy: "Mount the file system for writing; work goes on by itself then.")
    case ENOENT:
      Failure(
        .missingInput, code: .spoolMissing, message,
        remedy: "Drop it into the inbox again: it was moved or removed meanwhile.")
    case ELOOP:
      Failure(
        .badInput, code: .spoolLink, "\(path) is a symbolic link, and links are not followed",
        remedy: "Drop the file itself into the inbox.")
    case EXDEV:
      Failure(
        .fault, code: .spoolOtherDisk, message,
        remedy: "Put the folders of the spool on one file system.")
    case EIO:
      Failure(
        .fault, code: .spoolIO, message,
        remedy: "Check the disk (dmesg, smartctl); work goes on by itself if it recovers.")
    default:
      Failure(.fault, code: .spoolSystem, message)
    }
  }
}
