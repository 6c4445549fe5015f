import Basics
import Diagnostics
import Synchronization

@preconcurrency import Glibc

/// Computes digests of jobs on its own thread, a piece of each job in turn, so that neither the daemon's
/// loop nor the digest of a small file waits for a large file.
final class DigestReader: Sendable {
  /// The progress of a job's digest.
  enum Progress {
    case reading
    case done(String)
    case failed(Failure)
  }

  private struct State {
    var waiting: [ContentDigest] = []
    var progress: [String: Progress] = [:]
    /// Whether there is a thread.
    var isAtWork = false
  }

  /// The most jobs that are read at the same time.
  static let most = 64
  private static let piece = 1 << 18
  private let state = Mutex(State())

  /// Jobs whose digest is not finished.
  var reading: [String] {
    state.withLock { state in
      state.progress.compactMap { if case .reading = $1 { $0 } else { nil } }
    }
  }

  /// The progress of a job; `nil` for a job without a request.
  func progress(of id: String) -> Progress? { state.withLock { $0.progress[id] } }

  /// Starts computing a digest.
  func begin(_ digest: ContentDigest) {
    let isNew = state.withLock { state in
      state.progress[digest.id] = .reading
      state.waiting.append(digest)
      defer { state.isAtWork = true }
      return !state.isAtWork
    }
    if isNew { startThread() }
  }

  /// Removes a job, finished or not.
  func drop(_ id: String) {
    state.withLock { state in
      state.progress[id] = nil
      state.waiting.removeAll { $0.id == id }
    }
  }

  private func startThread() {
    let result = DetachedThread.start { self.work() }
    guard result != 0 else { return }
    let failure = Failure(
      .fault, code: .spoolSystem,
      "no thread can be started to read: \(String(cString: strerror(result)))")
    state.withLock { state in
      for digest in state.waiting { state.progress[digest.id] = .failed(failure) }
      state.waiting = []
      state.isAtWork = false
    }
  }

  private func work() {
    while var digest = next() {
      do {
        if let content = try digest.step(bytes: Self.piece) {
          end(digest.id, .done(content))
        } else {
          state.withLock { if $0.progress[digest.id] != nil { $0.waiting.append(digest) } }
        }
      } catch {
        end(digest.id, .failed(Failure.describing(error)))
      }
    }
  }

  private func next() -> ContentDigest? {
    state.withLock { state in
      if state.waiting.isEmpty { state.isAtWork = false }
      return state.waiting.isEmpty ? nil : state.waiting.removeFirst()
    }
  }

  private func end(_ id: String, _ progress: Progress) {
    state.withLock { if $0.progress[id] != nil { $0.progress[id] = progress } }
  }
}
