import Basics
import Diagnostics
import Options
import WorkerProtocol

@preconcurrency import Glibc

/// A digest of a job's media, questions and options, computed in steps.
struct ContentDigest: Sendable {
  /// The job's id.
  let id: String
  private let claim: JobClaim
  private let folder: Folder
  private var hash = SHA256()
  private var rest: [JobClaim.Medium]
  private var offset = 0

  /// A digest of a job's files.
  ///
  /// - Parameter work: the folder `work/`.
  init(_ job: Job, work: Folder) throws {
    id = job.id
    claim = job.claim
    folder = try work.folder(BytePath(job.id).appending(JobClaim.inputFolder))
    rest = job.claim.media
  }

  /// Reads the next bytes, at most `bytes`.
  ///
  /// - Returns: 64 hexadecimal digits once everything has been read.
  mutating func step(bytes: Int) throws -> String? {
    guard let medium = rest.first else {
      let asked = try JSONLine.encode(
        Asked(prompts: claim.prompts, options: claim.options, turns: claim.turns))
      asked.withUnsafeBytes { hash.update($0) }
      return hash.finish()
    }
    // Bytes added after the claim are ignored, so that a growing file is not read forever.
    let most = min(bytes, medium.size.subtractingClamped(offset))
    let count = most > 0 ? try read(medium.file, most) : 0
    if count == 0 {
      // The length after each file keeps different divisions of the same bytes apart.
      hash.update("\n\(offset)\n")
      offset = 0
      rest.removeFirst()
    } else {
      offset += count
    }
    return nil
  }

  private mutating func read(_ path: BytePath, _ most: Int) throws -> Int {
    var piece = [UInt8](repeating: 0, count: most)
    let place = off_t(offset)
    let count = try folder.withFile(path) { file, _ in
      try piece.withUnsafeMutableBytes { buffer in
        try folder.calls.call(.read, folder.shown(path)) {
          pread(file, buffer.baseAddress, buffer.count, place)
        }
      }
    }
    piece.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    return count
  }

  private struct Asked: Encodable {
    let prompts: [String]
    let options: QuestionOptions
    let turns: [JobTurn]?
  }
}
