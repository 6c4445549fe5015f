import Compute
import Glibc
import Synchronization
import Testing

@Suite("Threads")
struct ThreadTeamTests {
  @Test("every task runs once, however many threads and tasks there are", arguments: [1, 2, 3, 7])
  func tasks(_ count: Int) {
    let team = ThreadTeam(count: count)
    // Many calls in a row and calls after a pause: threads that spin and threads that sleep.
    for round in 0..<300 {
      let tasks = round % 17
      let runs = Mutex([Int](repeating: 0, count: tasks))
      let threads = Mutex(Set<Int>())
      team.forEach(tasks) { task, thread in
        runs.withLock { $0[task] += 1 }
        threads.withLock { _ = $0.insert(thread) }
      }
      #expect(runs.withLock { $0.allSatisfy { $0 == 1 } })
      #expect(threads.withLock { $0.allSatisfy { 0..<count ~= $0 } })
      if round % 50 == 49 { usleep(2000) }
    }
  }

  @Test("a thread's number is its own while a task runs")
  func numbers() {
    let team = ThreadTeam(count: 3)
    let busy = Mutex([Bool](repeating: false, count: 3))
    let collisions = Atomic<Int>(0)
    for _ in 0..<200 {
      team.forEach(12) { _, thread in
        if busy.withLock({ busy in
          defer { busy[thread] = true }
          return busy[thread]
        }) {
          collisions.add(1, ordering: .relaxed)
        }
        busy.withLock { $0[thread] = false }
      }
    }
    #expect(collisions.load(ordering: .relaxed) == 0)
  }

  @Test("teams come and go")
  func lifetimes() {
    for index in 0..<100 {
      let team = ThreadTeam(count: 4)
      let sum = Atomic<Int>(0)
      if index % 2 == 0 { team.forEach(9) { task, _ in sum.add(task, ordering: .relaxed) } }
      #expect(sum.load(ordering: .relaxed) == (index % 2 == 0 ? 36 : 0))
    }
  }
}
