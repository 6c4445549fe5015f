@preconcurrency import Glibc

/// Counts items that one thread passes to another (sem_init(3)).
final class CountingSemaphore: @unchecked Sendable {
  // The semaphore must not move in memory, which is all that its functions require.
  private let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    semaphore = .allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func signal() { sem_post(semaphore) }

  func wait() { while sem_wait(semaphore) != 0, errno == EINTR {} }
}
