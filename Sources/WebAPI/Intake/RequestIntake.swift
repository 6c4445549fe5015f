import Basics
import Diagnostics
import Spool
import Synchronization
import WebServer

/// A request's JSON and the files that came in it.
public struct RequestIntake: Sendable {
  /// The JSON, in which `data:#1` stands for the first file.
  public let value: JSONValue
  /// The job that the files belong to.
  let pending: PendingSubmission

  /// The most levels of the JSON.
  private static let deepest = 40
  /// Members whose objects are kept as text, because the order of their own members counts.
  private static let verbatim: Set<String> = ["schema", "format"]

  private final class Reader: Sendable {
    private let intake: Mutex<JSONIntake>

    init(root: String) {
      // Only the closures below use it, one after the other.
      nonisolated(unsafe) let files = IntakeFiles(root: root)
      intake = Mutex(JSONIntake(files: files))
    }

    func feed(_ bytes: [UInt8]) throws { try intake.withLock { try $0.feed(bytes) } }

    func finish() throws -> (JSONValue, PendingSubmission) {
      try intake.withLock { intake in
        let text = try intake.finish()
        let value: JSONValue
        do throws(FormatProblem) {
          value = try JSONValue.read(
            text, code: .webBody, depthLimit: RequestIntake.deepest,
            verbatim: RequestIntake.verbatim)
        } catch {
          throw Failure(
            .badInput, code: .webBody, "the request is not JSON: \(error.text)",
            remedy: "Send one JSON object.")
        }
        return (value, try intake.files.submission())
      }
    }
  }

  /// Takes a body.
  ///
  /// - Throws: `Failure`, `ServerProblem`.
  public static func take(
    _ body: RequestBody, root: String, pool: BlockingPool
  ) async throws -> RequestIntake {
    let reader = Reader(root: root)
    while let piece = try await body.next() {
      // Short pieces are not worth a thread of their own; long ones may hold media, which go to the disk.
      try await pool.run { try reader.feed(piece) }
    }
    let (value, pending) = try await pool.run { try reader.finish() }
    return RequestIntake(value: value, pending: pending)
  }
}
