import Basics
import Diagnostics
import Options
import Spool
import WebAPI
import WebServer
import WorkerProtocol

// What changes something.
extension WebSite {
  private static let commands: [String: ControlRequest.Command] = [
    "cancel": .cancel, "hold": .hold, "release": .release, "retry": .retry,
  ]
  private static let queueCommands: [String: ControlRequest.Command] = [
    "pause": .pause, "resume": .resume,
  ]

  /// Carries out an order of a form; `nil` where there is no such order.
  func order(_ request: WebRequest, _ body: RequestBody) async throws -> WebResponse? {
    let path = request.path
    let order: ControlRequest
    if path.count == 3, path[0] == "jobs", JobIDs.isID(path[1]),
      let command = Self.commands[path[2]]
    {
      order = ControlRequest(command, ids: [path[1]])
    } else if path.count == 2, path[0] == "queue", let command = Self.queueCommands[path[1]] {
      order = ControlRequest(command)
    } else {
      return nil
    }
    let form = PercentText.form(try await body.all(most: 4096)) ?? [:]
    let reply = try await pool.run { [client] in try client.change(order) }
    if request.headers["accept"]?.contains("application/json") == true {
      return JSONReply.reply(
        200, .object(["message": .text(reply?.results.first?.message ?? "kept for the daemon")]))
    }
    // Only places of this site: a path that begins with two slashes is another machine.
    let back = form["back"] ?? "/jobs"
    return Self.see(back.hasPrefix("/jobs") ? back.filter { $0 != "\n" && $0 != "\r" } : "/jobs")
  }

  /// Takes a file or a question of the page.
  func ask(_ request: WebRequest, _ body: RequestBody) async -> WebResponse {
    do {
      guard request.path.count == 1 else {
        throw Failure(.missingInput, code: .webBody, "there is nothing at this address")
      }
      return request.path[0] == "uploads"
        ? try await upload(request, body) : try await question(body)
    } catch {
      let failure = ChatFailure.of(error is ServerProblem ? Self.broken : error)
      return JSONReply.reply(
        failure, .object(["problem": .text(HTTPFailure.text(failure))]))
    }
  }

  private static let broken = Failure(
    .badInput, code: .webBody, "the file is too large or did not arrive as a whole",
    remedy: "Send it again, or drop it into the inbox.")

  private func upload(_ request: WebRequest, _ body: RequestBody) async throws -> WebResponse {
    let pending = try await uploads.job(request.query["to"])
    guard pending.names.count < 256, pending.freeBytes ?? .max > 256 << 20 else {
      throw Failure(
        .badInput, code: .webMedia, "there is no room for another file",
        remedy: "Ask about fewer files, or free some space on the disk.")
    }
    let name = request.query["name"] ?? "file"
    let file = try await desk.writing.run { try pending.file(named: name) }
    while let piece = try await body.next() {
      try await desk.writing.run { try file.write(piece) }
    }
    try await desk.writing.run { try pending.finish(file) }
    return JSONReply.reply(200, .object(["upload": .text(pending.id)]))
  }

  private func question(_ body: RequestBody) async throws -> WebResponse {
    let bytes = try await body.all(most: 1 << 20)
    let value: JSONValue
    do throws(FormatProblem) {
      value = try JSONValue.read(bytes, code: .webBody, depthLimit: 8)
    } catch {
      throw Failure(.badInput, code: .webBody, "the request is not JSON: \(error.text)")
    }
    guard let prompt = value["prompt"]?.string, let upload = value["upload"]?.string else {
      throw Failure(
        .badInput, code: .webBody, "the question or its files are missing",
        remedy: "Choose a file and ask something.")
    }
    var submission = Submission(root: client.root)
    submission.source = "the page"
    submission.prompts = [prompt]
    submission.priority = 50
    submission.visualize =
      value["pictures"]?.string.flatMap(Visualization.init(rawValue:)) ?? .final
    for turn in value["turns"]?.elements ?? [] {
      submission.turns.append(
        JobTurn(question: turn["question"]?.string ?? "", answer: turn["answer"]?.string ?? ""))
    }
    if case .object(let options)? = value["options"] {
      for (name, value) in options {
        // Fields of a form are texts, whatever they hold.
        if let text = value.string {
          submission.named[name] = text
        } else {
          submission.members[name] = value
        }
      }
    }
    let pending = try await uploads.take(upload)
    let asked = submission
    try await desk.writing.run { try pending.submit(asked) }
    return JSONReply.reply(200, .object(["id": .text(pending.id)]))
  }
}
