import CKernels
import Diagnostics
import Synchronization

/// Measures how fast memory can be read, which bounds how fast tokens can be generated.
public enum MemoryBenchmark {
  /// Bytes that are read: far more than caches hold.
  private static let bytes = 512 << 20
  /// Bytes of one task.
  private static let taskBytes = 1 << 20

  /// GB/s that all threads read together, the fastest of some runs.
  ///
  /// - Throws: `compute.no-memory`.
  public static func readBandwidth(
    repetitions: Int = 5, threads: ThreadTeam
  ) throws(Failure) -> Double {
    let row = taskBytes / MemoryLayout<Float>.stride
    let memory = try Matrix(rows: bytes / taskBytes, columns: row)
    // Pages that were never written to are all one page of zeros.
    threads.forEach(memory.rows) { task, _ in
      memory.view.row(task).update(repeating: 1, count: row)
    }
    let clock = ContinuousClock()
    let sum = Atomic<UInt64>(0)
    var best = Double.infinity
    for _ in 0..<max(1, repetitions) {
      let start = clock.now
      threads.forEach(memory.rows) { task, _ in
        let words = taskBytes / MemoryLayout<UInt64>.stride
        let part = memory.view.row(task).withMemoryRebound(to: UInt64.self, capacity: words) {
          illava_sum_words($0, words)
        }
        // Used, so that nobody may leave the reading out.
        sum.wrappingAdd(part, ordering: .relaxed)
      }
      best = min(best, (clock.now - start) / .seconds(1))
    }
    return 1e-9 * Double(bytes) / best
  }
}
