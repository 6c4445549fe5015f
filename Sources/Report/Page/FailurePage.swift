import Diagnostics
import Engine
import Models

/// The page for a question that was not answered: what happened, at which stage, what to do.
public struct FailurePage: Sendable {
  private let failure: Failure
  private let stage: ComputeObserver.Stage?
  private let request: Request
  private let model: AnswerDocument.Model

  /// - Parameters:
  ///   - stage: what was being done; `nil` while the model was loaded or the question checked.
  public init(
    _ failure: Failure, stage: ComputeObserver.Stage?, request: Request,
    model: AnswerDocument.Model
  ) {
    self.failure = failure
    self.stage = stage
    self.request = request
    self.model = model
  }

  /// The page.
  public var html: String {
    let remedy = failure.remedy ?? Self.remedy(for: failure.kind)
    let media = request.media.map { ("File", $0.path) }
    let rows =
      [("Error code", failure.code), ("Stage", Self.name(stage)), ("Model", model.path)] + media
    return HTMLPage.page(
      title: "illava: not answered", bodyClass: "bad",
      body: """
        <h1>This question was not answered</h1>
        <p class="question said" dir="auto">\(HTMLText.escape(request.prompt))</p>
        <blockquote class="answer said">\(HTMLText.escape(failure.message))</blockquote>
        <h2>What to do</h2>
        <p class="said">\(HTMLText.escape(remedy))</p>
        <h2>Where it happened</h2>
        \(HTMLPage.table(rows.map { (name: $0.0, value: $0.1) }))
        <h2>Ask again</h2>
        <pre>\(HTMLText.escape(ShellCommand(request, model: model).text))</pre>
        """)
  }

  static func name(_ stage: ComputeObserver.Stage?) -> String {
    switch stage {
    case nil: "loading the model and checking the question"
    case .media: "decoding and resizing pictures and films"
    case .vision: "image encoder"
    case .prefill: "reading the prompt"
    case .decode: "writing the answer"
    }
  }

  /// For failures without advice of their own.
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
