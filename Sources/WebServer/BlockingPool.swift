import NIOPosix

/// Threads for calls that wait: of files, of the store, of the daemon.
public final class BlockingPool: Sendable {
  private let pool: NIOThreadPool

  /// Starts threads.
  public init(threads: Int = 8) {
    pool = NIOThreadPool(numberOfThreads: threads)
    pool.start()
  }

  /// Runs a function on one of the threads.
  public func run<Result: Sendable>(
    _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await pool.runIfActive(body)
  }
}
