import Basics
import Diagnostics
import Spool

/// The files of a request, which go straight into the hidden folder of their job.
final class IntakeFiles {
  /// The most files of a request.
  static let most = 256
  /// Bytes of the disk that are left alone.
  static let reserve = 256 << 20
  private static let pieceBytes = 1 << 16

  /// The job, once there is a file.
  private(set) var pending: PendingSubmission?
  private let root: String
  private var file: PendingSubmission.File?
  private var buffer: [UInt8] = []
  private var written = 0
  /// The number of files.
  private(set) var count = 0

  init(root: String) { self.root = root }

  /// The job, with or without files.
  func submission() throws(Failure) -> PendingSubmission {
    if let pending { return pending }
    let made = try PendingSubmission(root: root)
    pending = made
    return made
  }

  /// Begins a file of a type, such as `image/png`; empty where that is not known.
  func begin(type: String) throws(Failure) {
    guard count < Self.most else {
      throw Failure(
        .badInput, code: .webMedia, "the request has more than \(Self.most) pictures",
        remedy: "Send fewer of them.")
    }
    let pending = try submission()
    if let free = pending.freeBytes, free < Self.reserve {
      throw Failure(
        .fault, code: .webMedia, "the disk is full: \(ByteCount.text(free)) are free",
        remedy: "Free some space.")
    }
    count += 1
    let kind = type.hasPrefix("video/") ? "video" : type.hasPrefix("image/") ? "image" : "file"
    file = try pending.file(named: "\(kind)-\(count)" + (Self.endings[type] ?? ""))
    written = 0
  }

  /// Adds bytes to the file.
  func add(_ bytes: [UInt8]) throws(Failure) {
    buffer += bytes
    if buffer.count >= Self.pieceBytes { try flush() }
  }

  /// Ends the file.
  ///
  /// - Throws: `web.media` for one without a byte.
  func end() throws(Failure) {
    try flush()
    guard written > 0 else {
      throw Failure(
        .badInput, code: .webMedia, "picture \(count) of the request is empty",
        remedy: "Send its bytes in base64.")
    }
    if let file { try pending?.finish(file) }
    file = nil
  }

  private func flush() throws(Failure) {
    try file?.write(buffer)
    written += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }

  private static let endings = [
    "image/jpeg": ".jpg", "image/jpg": ".jpg", "image/png": ".png", "image/webp": ".webp",
    "image/gif": ".gif", "image/bmp": ".bmp", "image/tiff": ".tiff", "image/heic": ".heic",
    "image/avif": ".avif", "video/mp4": ".mp4", "video/webm": ".webm", "video/quicktime": ".mov",
    "video/x-matroska": ".mkv", "video/x-msvideo": ".avi", "video/mp2t": ".ts",
    "application/pdf": ".pdf",
  ]
}
