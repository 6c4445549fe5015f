import Basics
import Diagnostics
import Options
import WorkerProtocol

// Members of a job that are more than a word.
extension JobDocument {
  /// The most media in one question: more would not fit any model's context.
  private static let maxMedia = 1000
  /// The most turns of a conversation.
  private static let maxTurns = 200
  /// The most bytes of a path, the kernel's limit.
  private static let longestPath = 4095
  private static let longestName = 255

  static func media(_ value: JSONValue, _ source: String) throws(Failure) -> [BytePath] {
    guard case .array(let values) = value, values.count <= maxMedia else {
      throw Failure(
        .badInput, code: .jobMedia, "“media” in \(source) is \(value.shown)",
        remedy: "Give a list of up to \(maxMedia) paths, such as [\"door.mp4\"].")
    }
    var paths: [BytePath] = []
    for value in values {
      guard case .text(let text) = value, !text.isEmpty, !text.utf8.contains(0),
        text.utf8.count <= longestPath,
        text.utf8.split(separator: UInt8(ascii: "/")).allSatisfy({ $0.count <= longestName })
      else {
        throw Failure(
          .badInput, code: .jobMedia, "a path in \(source) is \(value.shown)",
          remedy: "Give a path that is relative to the folder of the job file, of at most "
            + "\(longestPath) bytes, \(longestName) in each name.")
      }
      let path = BytePath(text)
      guard !text.hasPrefix("/"), !path.components.contains(".."), !path.components.isEmpty else {
        throw Failure(
          .badInput, code: .jobPathOutside, "\(source) names “\(path)”, which leaves the inbox",
          remedy: "Put the media beside the job file and name them by relative path without “..”.")
      }
      let clean = path.components.reduce(BytePath("")) { $0.appending($1) }
      guard !paths.contains(clean) else {
        throw Failure(
          .badInput, code: .jobMedia, "\(source) names “\(clean)” twice",
          remedy: "Name each file once.")
      }
      paths.append(clean)
    }
    return paths
  }

  /// The failure for a job that asks nothing about no media.
  static func noMedia(_ source: String) -> Failure {
    Failure(
      .badInput, code: .jobMedia, "“media” in \(source) is empty, and so are its questions",
      remedy: "Give a list of paths, such as [\"door.mp4\"], or a question that needs none.")
  }

  /// Earlier questions with their answers.
  static func turns(
    _ value: JSONValue, _ object: [String: JSONValue], _ source: String
  ) throws(Failure) -> [JobTurn] {
    guard case .array(let values) = value, values.count <= maxTurns else {
      throw Failure(
        .badInput, code: .jobTurns, "“turns” in \(source) is \(value.shown)",
        remedy: "Give a list of at most \(maxTurns) objects with “question” and “answer”.")
    }
    guard object["follow_up"] == nil else {
      throw Failure(
        .badInput, code: .jobTurns, "\(source) has both “turns” and “follow_up”",
        remedy: "Keep one of them: a job that follows up has the turns of the job it names.")
    }
    return try values.map { value throws(Failure) in
      guard case .object(let turn) = value, turn.count == 2,
        case .text(let question)? = turn["question"], case .text(let answer)? = turn["answer"]
      else {
        throw Failure(
          .badInput, code: .jobTurns, "a turn in \(source) is \(value.shown)",
          remedy: "Give an object with the texts “question” and “answer”.")
      }
      return JobTurn(question: QuestionText.normal(question), answer: QuestionText.normal(answer))
    }
  }

  /// Which pictures to draw.
  static func visualize(_ value: JSONValue, _ source: String) throws(Failure) -> Visualization {
    if case .text(let text) = value, let known = Visualization(rawValue: text) { return known }
    throw Failure(
      .badInput, code: .jobVisualize, "“visualize” in \(source) is \(value.shown)",
      remedy: "Give one of \(Visualization.allCases.map(\.rawValue).joined(separator: ", ")).")
  }
}
