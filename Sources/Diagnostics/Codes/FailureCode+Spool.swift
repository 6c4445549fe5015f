// Codes about the folders of the spool and the jobs in them.
extension FailureCode {
  /// Another process works on the spool.
  public static let spoolBusy = FailureCode(rawValue: "spool.busy")
  /// A person cancelled the job.
  public static let spoolCancelled = FailureCode(rawValue: "spool.cancelled")
  /// The job took longer than it may.
  public static let spoolDeadline = FailureCode(rawValue: "spool.deadline")
  /// Less of the disk is free than is to be kept free.
  public static let spoolDiskFloor = FailureCode(rawValue: "spool.disk-floor")
  /// The disk of the spool is full.
  public static let spoolDiskFull = FailureCode(rawValue: "spool.disk-full")
  /// A file in the inbox has no bytes.
  public static let spoolEmpty = FailureCode(rawValue: "spool.empty")
  /// The spool or one of its folders is gone.
  public static let spoolGone = FailureCode(rawValue: "spool.gone")
  /// The files of the job are gone.
  public static let spoolInputGone = FailureCode(rawValue: "spool.input-gone")
  /// The disk of the spool has faults.
  public static let spoolIO = FailureCode(rawValue: "spool.io")
  /// A file in the inbox is a symbolic link.
  public static let spoolLink = FailureCode(rawValue: "spool.link")
  /// A file is larger than media of a job may be.
  public static let spoolMediumTooLarge = FailureCode(rawValue: "spool.medium-too-large")
  /// A file was moved or removed meanwhile.
  public static let spoolMissing = FailureCode(rawValue: "spool.missing")
  /// A folder of the spool was exchanged for another one.
  public static let spoolMoved = FailureCode(rawValue: "spool.moved")
  /// The daemon may not read, write or remove a file.
  public static let spoolNoAccess = FailureCode(rawValue: "spool.no-access")
  /// The worker wrote no answer.
  public static let spoolNoAnswer = FailureCode(rawValue: "spool.no-answer")
  /// Something other than a folder is in the place of a folder of the spool.
  public static let spoolNoFolder = FailureCode(rawValue: "spool.no-folder")
  /// The path does not name a regular file.
  public static let spoolNotAFile = FailureCode(rawValue: "spool.not-a-file")
  /// Two folders of the spool are on different file systems.
  public static let spoolOtherDisk = FailureCode(rawValue: "spool.other-disk")
  /// The file system of the spool may not be written to.
  public static let spoolReadOnly = FailureCode(rawValue: "spool.read-only")
  /// A file was replaced after its job was taken.
  public static let spoolReplaced = FailureCode(rawValue: "spool.replaced")
  /// A large part of the file was never written.
  public static let spoolSparse = FailureCode(rawValue: "spool.sparse")
  /// The worker cannot be started.
  public static let spoolSpawn = FailureCode(rawValue: "spool.spawn")
  /// The job made no progress for too long.
  public static let spoolStalled = FailureCode(rawValue: "spool.stalled")
  /// A system call failed for a reason without a code of its own.
  public static let spoolSystem = FailureCode(rawValue: "spool.system")
  /// The place for a result is taken by something that cannot be moved away.
  public static let spoolTaken = FailureCode(rawValue: "spool.taken")
  /// A job file or a sidecar is too large.
  public static let spoolTooLarge = FailureCode(rawValue: "spool.too-large")
  /// The worker ended in the middle of the job.
  public static let spoolWorkerEnded = FailureCode(rawValue: "spool.worker-ended")

  /// All codes of this area.
  static let spoolCodes: [FailureCode] = [
    .spoolBusy, .spoolCancelled, .spoolDeadline, .spoolDiskFloor, .spoolDiskFull, .spoolEmpty,
    .spoolGone, .spoolInputGone, .spoolIO, .spoolLink, .spoolMediumTooLarge, .spoolMissing,
    .spoolMoved, .spoolNoAccess, .spoolNoAnswer, .spoolNoFolder, .spoolNotAFile, .spoolOtherDisk,
    .spoolReadOnly, .spoolReplaced, .spoolSparse, .spoolSpawn, .spoolStalled, .spoolSystem,
    .spoolTaken, .spoolTooLarge, .spoolWorkerEnded,
  ]
}
