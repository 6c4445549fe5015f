@preconcurrency import Glibc

/// Counts what one thread has for another (sem_init(3)).
final class CountingSemaphore: @unchecked Sendable {
  // At one address for its whole life, which is all that its functions ask for.
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
