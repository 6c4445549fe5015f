import Answers
import Diagnostics
import Engine
import Models

/// The page of a question that was not answered: the error, its stage, and what to do.
public struct FailurePage: Sendable {
  private let failure: Failure
  private let stage: String
  private let prompts: [String]
  private let files: [String]
  private let model: String
  private let again: String

  /// - Parameters:
  ///   - stage: the stage that failed; `nil` while the model was loaded or the question checked.
  public init(
    _ failure: Failure, stage: ComputeObserver.Stage?, request: Request,
    model: AnswerDocument.Model
  ) {
    self.failure = failure
    self.stage = Self.name(stage)
    prompts = [request.prompt]
    files = request.media.map(\.path)
    self.model = model.path
    again = ShellCommand(request, model: model).text
  }

  /// The page of a job that a daemon gave up.
  ///
  /// - Parameters:
  ///   - stage: the stage that failed, as a worker reports it; `nil` where it is unknown.
  ///   - again: the command that tries the job again.
  public init(
    _ failure: Failure, stage: String?, prompts: [String], files: [String], model: String,
    again: String
  ) {
    self.failure = failure
    self.stage =
      switch stage {
      case nil: "before any work was done"
      case "loading": Self.name(nil)
      case let stage?: Self.name(ComputeObserver.Stage(rawValue: stage))
      }
    self.prompts = prompts
    self.files = files
    self.model = model
    self.again = again
  }

  /// The page.
  public var html: String {
    let remedy = failure.remedy ?? Self.remedy(for: failure.kind)
    let rows =
      [("Error code", failure.code.rawValue), ("Stage", stage), ("Model", model)]
      + files.map { ("File", $0) }
    let questions = prompts.map {
      "<p class=\"question said\" dir=\"auto\">\(HTMLText.escape($0))</p>"
    }
    return HTMLPage.page(
      title: "illava: not answered", bodyClass: "bad",
      body: """
        <h1>This question was not answered</h1>
        \(questions.joined(separator: "\n"))
        <blockquote class="answer said">\(HTMLText.escape(failure.message))</blockquote>
        <h2>What to do</h2>
        <p class="said">\(HTMLText.escape(remedy))</p>
        <h2>Where it happened</h2>
        \(HTMLPage.table(rows.map { (name: $0.0, value: $0.1) }))
        <h2>Ask again</h2>
        <pre>\(HTMLText.escape(again))</pre>
        """)
  }

  static func name(_ stage: ComputeObserver.Stage?) -> String {
    switch stage {
    case nil: "loading the model and checking the question"
    case .media: "decoding and resizing pictures and videos"
    case .vision: "image encoder"
    case .prefill: "reading the prompt"
    case .decode: "writing the answer"
    }
  }

  /// The advice for failures that have none of their own.
  static func remedy(for kind: Failure.Kind) -> String {
    switch kind {
    case .usage: "Correct the options and ask again."
    case .badInput: "Use another copy of the file, or convert it."
    case .missingInput: "Check that the file exists and may be read."
    case .modelUnusable: "Download the model again, or use another one."
    case .outOfMemory: "Free memory, or show fewer or smaller pictures and frames."
    case .fault: "Ask again; if it happens twice, report it with the error code."
    }
  }
}
