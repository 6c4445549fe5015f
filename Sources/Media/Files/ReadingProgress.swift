import Diagnostics

/// Tells the reader of a file how much has been read, in parts that follow each other.
///
/// FFmpeg reads through a callback from C, out of which nothing can be thrown. `beat` therefore keeps the
/// error for the next call of `advance` or `check`.
final class ReadingProgress {
  private let report: (_ share: Double) throws(Failure) -> Void
  private var part: (start: Double, length: Double) = (0, 1)
  private var share = 0.0
  private var failure: Failure?
  private var last: ContinuousClock.Instant
  /// A quarter of a second, so that a second never passes without a report.
  private static let interval = Duration.milliseconds(250)

  init(_ report: @escaping (_ share: Double) throws(Failure) -> Void) {
    self.report = report
    last = .now
  }

  /// Begins the part of the work that leads from one share of the whole to another.
  func begin(_ start: Double, _ end: Double) { part = (start, end - start) }

  /// Reports that this share of the part is done; the reported share never falls.
  func advance(_ done: Double) throws(Failure) {
    if done.isFinite {
      share = max(share, min(1, part.start + part.length * min(1, max(0, done))))
    }
    _ = beat()
    try check()
  }

  /// Reports that the work goes on; `false` where it is to end.
  func beat() -> Bool {
    guard failure == nil else { return false }
    let now = ContinuousClock.now
    guard now - last >= Self.interval else { return true }
    last = now
    do throws(Failure) {
      try report(share)
    } catch {
      failure = error
    }
    return failure == nil
  }

  /// Throws the error that ended the work, if one did.
  func check() throws(Failure) {
    if let failure { throw failure }
  }
}
