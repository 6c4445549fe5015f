import Basics
import Diagnostics
import Options
import Spool
import WorkerProtocol

/// What a request asks, the same for all interfaces.
public struct ChatQuestion: Sendable {
  /// The name of the model; `nil` where the request names none.
  public var model: String?
  /// Instructions before the question.
  public var system: [String] = []
  /// What was said before.
  public var turns: [JobTurn] = []
  /// The question.
  public var prompt = ""
  /// The numbers of the files that it names, from 1.
  public var files: [Int] = []
  /// The options, by their names in job files.
  public var options: [String: JSONValue] = [:]
  /// Texts at which the answer ends.
  public var stops: [String] = []
  /// Whether the answer is sent while it is written.
  public var streams = false
  /// Whether the answer stays in the outbox.
  public var isStored = true

  /// The most texts at which an answer ends.
  private static let mostStops = 16

  /// Nothing is asked yet.
  public init() {}

  /// The job that asks it.
  ///
  /// - Parameters:
  ///   - pending: the job's files.
  ///   - priority: higher goes first.
  /// - Throws: `web.body`, `web.media`.
  func submission(
    for pending: PendingSubmission, root: String, priority: Int
  ) throws(Failure) -> Submission {
    guard !prompt.isEmpty else {
      throw Failure(
        .badInput, code: .webBody, "the request asks nothing",
        remedy: "End the messages with one of the user that has text.")
    }
    // Each file once, in the order in which they came: only then is the order that of the messages.
    guard files == Array(1..<(pending.names.count + 1)) else {
      throw Failure(
        .badInput, code: .webMedia, "the request has media where none are looked for",
        remedy: "Put pictures into image_url, videos into video_url, of messages of the user.")
    }
    var submission = Submission(root: root)
    submission.source = "the request"
    submission.prompts = [prompt]
    submission.turns = turns
    submission.members = options
    if !system.isEmpty { submission.members["system"] = .text(system.joined(separator: "\n\n")) }
    submission.priority = priority
    submission.visualize = Visualization.none
    return submission
  }

  /// The number of the file that a string stands for.
  ///
  /// - Throws: `web.media` for an address of another machine.
  static func file(_ url: String) throws(Failure) -> Int {
    if url.hasPrefix("data:#"), let number = Int(url.dropFirst(6)) { return number }
    throw Failure(
      .badInput, code: .webMedia, "media are not fetched from other machines",
      remedy: "Send the picture itself as a data: URL in base64.")
  }

  /// Reads the texts at which an answer ends.
  mutating func readStops(_ value: JSONValue?) throws(Failure) {
    switch value {
    case nil: break
    case .text(let text): stops = [text]
    case .array(let values) where values.count <= Self.mostStops:
      stops = values.compactMap(\.string)
      guard stops.count == values.count else { throw Self.wrong("stop", value) }
    case let other: throw Self.wrong("stop", other)
    }
    stops.removeAll(where: \.isEmpty)
  }

  /// The failure for a member with a value of the wrong kind.
  static func wrong(_ name: String, _ value: JSONValue?) -> Failure {
    Failure(
      .badInput, code: .webBody,
      "“\(name)” in the request is \(value == nil ? "missing" : "of the wrong kind")",
      remedy: "See docs/http.md for what is taken.")
  }
}
