import Spool
import WebServer

/// What `illava doctor` says, looked at anew at most every half minute: it reads the whole store.
actor CheckCache {
  private let place: SpoolPlace
  private let pool: BlockingPool
  private var known: (findings: [Checkup.Finding], time: ContinuousClock.Instant)?
  private static let age = Duration.seconds(30)

  init(place: SpoolPlace, pool: BlockingPool) {
    self.place = place
    self.pool = pool
  }

  /// The findings.
  func findings() async -> [Checkup.Finding] {
    if let known, .now - known.time < Self.age { return known.findings }
    let found = (try? await pool.run { [place] in Checkup(place).findings }) ?? []
    known = (found, .now)
    return found
  }
}
