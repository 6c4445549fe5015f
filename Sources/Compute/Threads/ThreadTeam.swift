import CKernels
import Diagnostics
import Synchronization

/// A team of threads that share the tasks of a computation, and the scratch memory of each.
///
/// Free threads take the tasks of a call in order. The team does not use the cooperative pool of Swift
/// concurrency, because its few threads must not be blocked for seconds. A team serves one computation
/// at a time.
public final class ThreadTeam: @unchecked Sendable {
  // Unchecked: scratch and threads are replaced only between the parallel parts of the one computation.

  /// The number of threads that compute at the same time, including the calling one.
  public let count: Int

  /// Rows that an MLP computes at a time unless memory is short. Fewer make products slower, because
  /// weights are read and converted again for each block of rows.
  public static let maxRowsAtOnce = 512

  /// Rows that an MLP computes at a time: its intermediate rows are three to four times as wide as
  /// others.
  public var rowsAtOnce = ThreadTeam.maxRowsAtOnce

  /// Hears what products read, while there is one.
  public var observer: (any ProductObserver)?

  private var scratch: Matrix?

  /// The threads, created with the first task.
  private var crew: OpaquePointer?

  /// A team of `count` threads; the default is one per processor this process may use.
  public init(count: Int? = nil) {
    self.count = max(1, count ?? Int(illava_available_processors()))
  }

  deinit { illava_team_free(crew) }

  /// Scratch memory, `[count, elements]` or more, which stays allocated from one product to the next.
  ///
  /// - Throws: `compute.no-memory` when there is no memory.
  func scratch(elements: Int) throws(Failure) -> MatrixView {
    if let scratch, scratch.columns >= elements { return scratch.view }
    scratch = nil
    let larger = try Matrix(rows: count, columns: elements)
    scratch = larger
    return larger.view
  }

  /// Frees the scratch memory, for example between jobs.
  public func releaseScratch() { scratch = nil }

  /// Runs `body` once for every index in `0..<tasks` and returns when all have ended. A task must not
  /// call this method itself.
  ///
  /// - Parameter body: gets the task's index and the number of the thread (`0..<count`) that runs it,
  ///   which selects the thread's scratch memory.
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

  /// The tasks of one call, shared by all threads.
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

  /// Splits `0..<count` into ranges of at most `size` and calls `body` for each, in parallel.
  public func forEachRun(of count: Int, size: Int, _ body: (_ run: Range<Int>) -> Void) {
    let size = max(1, size)
    forEach((count + size - 1) / size) { task, _ in
      body(task * size..<min(count, (task + 1) * size))
    }
  }
}
