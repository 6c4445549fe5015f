import CKernels
import Diagnostics
import Synchronization

/// How many threads compute, how work is handed to them, and the scratch memory each of them has.
///
/// The tasks of one call are taken in order by whichever thread is free. Nothing here runs on the
/// cooperative pool of Swift concurrency, whose few threads must not be held for seconds. A team
/// serves one computation at a time.
public final class ThreadTeam: @unchecked Sendable {
  // Unchecked: scratch and threads are replaced only between the parallel parts of the one computation.

  /// Threads that compute at the same time, this one included.
  public let count: Int

  /// Rows that an MLP takes at a time unless memory is short: fewer make products slower, for weights
  /// are read and widened anew for each run of rows.
  public static let maxRowsAtOnce = 512

  /// Rows that an MLP takes at a time: its inner state is three to four times as wide as all else.
  public var rowsAtOnce = ThreadTeam.maxRowsAtOnce

  private var scratch: Matrix?

  /// The threads, from their first task on.
  private var crew: OpaquePointer?

  /// A team of `count` threads; the default is one per processor this process may use.
  public init(count: Int? = nil) {
    self.count = max(1, count ?? Int(illava_available_processors()))
  }

  deinit { illava_team_free(crew) }

  /// Scratch memory that stays allocated from one product to the next: `[count, elements]` or more.
  ///
  /// - Throws: `compute.no-memory` when there is none.
  func scratch(elements: Int) throws(Failure) -> MatrixView {
    if let scratch, scratch.columns >= elements { return scratch.view }
    scratch = nil
    let larger = try Matrix(rows: count, columns: elements)
    scratch = larger
    return larger.view
  }

  /// Gives the scratch memory back, as between jobs.
  public func releaseScratch() { scratch = nil }

  /// Runs `body` for every index in `0..<tasks`, each once, and returns when all have ended. A task must
  /// not call this itself.
  ///
  /// - Parameter body: gets the task's index and the number of the thread (`0..<count`) that runs
  ///   it, for scratch memory of the thread's own.
  public func forEach(_ tasks: Int, _ body: (_ task: Int, _ thread: Int) -> Void) {
    if crew == nil, count > 1, tasks > 1 { crew = illava_team_create(Int32(clamping: count)) }
    guard tasks > 1, let crew else {
      for task in 0..<tasks { body(task, 0) }
      return
    }
    withoutActuallyEscaping(body) { body in
      var work = Work(tasks: tasks, body: body)
      withUnsafeMutablePointer(to: &work) { work in
        illava_team_run(
          crew, { $0?.assumingMemoryBound(to: Work.self).pointee.run(on: Int($1)) }, work)
      }
    }
  }

  /// The tasks of one call, which all threads take from.
  private struct Work: ~Copyable {
    let tasks: Int
    let body: (_ task: Int, _ thread: Int) -> Void
    private let next = Atomic<Int>(0)

    init(tasks: Int, body: @escaping (_ task: Int, _ thread: Int) -> Void) {
      self.tasks = tasks
      self.body = body
    }

    func run(on thread: Int) {
      while true {
        let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard task < tasks else { return }
        body(task, thread)
      }
    }
  }

  /// Splits `0..<count` into runs of at most `size` and calls `body` for each, in parallel.
  public func forEachRun(of count: Int, size: Int, _ body: (_ run: Range<Int>) -> Void) {
    let size = max(1, size)
    forEach((count + size - 1) / size) { task, _ in
      body(task * size..<min(count, (task + 1) * size))
    }
  }
}
