import Diagnostics
import WorkerProtocol

@preconcurrency import Glibc

/// What a job asks, as a digest: its media, questions and options. Large files are read a piece at
/// a time, so that the daemon goes on with other things in between.
final class ContentDigest {
  let job: Job
  private let folder: Folder
  private var hash = SHA256()
  private var rest: [JobClaim.Medium]
  private var offset = 0

  /// A digest of a job's files.
  ///
  /// - Parameter work: the folder `work/`.
  init(_ job: Job, work: Folder) throws {
    self.job = job
    folder = try work.folder(BytePath(job.id).appending(JobClaim.inputFolder))
    rest = job.claim.media
  }

  /// Reads on, at most `bytes`.
  ///
  /// - Returns: 64 hexadecimal digits when everything is read.
  func step(bytes: Int) throws -> String? {
    guard let medium = rest.first else {
      let asked = try JSONLine.encode(Asked(prompts: job.claim.prompts, options: job.claim.options))
      asked.withUnsafeBytes { hash.update($0) }
      return hash.finish()
    }
    var piece = [UInt8](repeating: 0, count: bytes)
    let count = try folder.withFile(medium.file) { file, _ in
      try piece.withUnsafeMutableBytes { buffer in
        try folder.calls.call(.read, folder.shown(medium.file)) {
          pread(file, buffer.baseAddress, buffer.count, off_t(offset))
        }
      }
    }
    if count == 0 {
      // The length behind each file keeps two files from looking like one.
      hash.update("\n\(offset)\n")
      offset = 0
      rest.removeFirst()
    } else {
      piece.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      offset += count
    }
    return nil
  }

  private struct Asked: Encodable {
    let prompts: [String]
    let options: JobOptions
  }
}
