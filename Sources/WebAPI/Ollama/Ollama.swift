import Basics
import Diagnostics
import Spool
import WebServer

/// Ollama's interface.
public struct Ollama: Sendable {
  /// The version of Ollama's interface that this one is like; clients compare it.
  private static let version = "0.9.0"
  private let desk: ChatDesk

  /// The interface to a desk.
  public init(desk: ChatDesk) { self.desk = desk }

  /// `GET /api/version`.
  public var versionReply: WebResponse {
    JSONReply.reply(
      200, .object(["version": .text(Self.version), "illava": .text(ProgramVersion.text)]))
  }

  /// `GET /api/tags`, and `GET /api/ps`, which has the same members.
  public func tags() async -> WebResponse {
    await reply { desk in
      let model = ModelEntry(try await desk.live())
      var entry = Self.entry(model)
      entry["details"] = Self.details
      return .object(["models": .array([.object(entry)])])
    }
  }

  /// `POST /api/show`.
  public func show(_ body: RequestBody) async -> WebResponse {
    await reply { desk in
      let model = ModelEntry(try await desk.live())
      let value = try await Self.value(body)
      try model.check(value["model"]?.string ?? value["name"]?.string)
      var entry = Self.entry(model)
      entry["details"] = Self.details
      entry["capabilities"] = .array([.text("completion"), .text("vision")])
      entry["model_info"] = .object(["general.architecture": .text("illava")])
      entry["template"] = .text("")
      entry["parameters"] = .text("")
      return .object(entry)
    }
  }

  private static func entry(_ model: ModelEntry) -> [String: JSONValue] {
    [
      "name": .text(model.name + ":latest"), "model": .text(model.name + ":latest"),
      "modified_at": .text(Timestamp.text(milliseconds: model.created.multipliedClamped(by: 1000))),
      "size": .integer(model.bytes ?? 0), "digest": .text(model.digest),
    ]
  }

  private static let details = JSONValue.object([
    "parent_model": .text(""), "format": .text("safetensors"), "family": .text("illava"),
    "families": .array([.text("illava")]), "parameter_size": .text(""),
    "quantization_level": .text(""),
  ])

  /// `POST /api/chat` and `POST /api/generate`.
  public func ask(_ body: RequestBody, isChat: Bool) async -> WebResponse {
    do {
      let model = ModelEntry(try await desk.checkRoom())
      let intake = try await RequestIntake.take(body, root: desk.client.root, pool: desk.writing)
      let request = try OllamaRequest(intake.value, isChat: isChat)
      try model.check(request.question.model)
      let reply = OllamaReply(model: request.question.model ?? model.name, isChat: isChat)
      guard !request.asksNothing else { return JSONReply.reply(200, .object(reply.loaded())) }
      let run = try await desk.ask(request.question, intake)
      guard request.question.streams else {
        let (answer, text) = try await run.whole()
        return JSONReply.reply(
          200, .object(reply.end(answer, text: text, isStopped: run.isStopped)))
      }
      return await stream(run, reply)
    } catch {
      let failure = ChatFailure.of(error)
      return JSONReply.reply(failure, OllamaReply.error(failure))
    }
  }

  /// Sends the answer while it is written, one object per line.
  private func stream(_ run: ChatRun, _ reply: OllamaReply) async -> WebResponse {
    var event = await run.next()
    // A line cannot say that nothing has happened yet.
    while case .nothing = event, !Task.isCancelled { event = await run.next() }
    if case .failed(let failure) = event {
      return JSONReply.reply(failure, OllamaReply.error(failure))
    }
    let first = event
    return WebResponse(
      200, headers: [("content-type", "application/x-ndjson"), ("cache-control", "no-store")],
      body: .stream { writer in
        var event = first
        while !Task.isCancelled {
          switch event {
          case .text(let piece):
            try await writer.write(JSONReply.text(.object(reply.piece(piece))) + "\n")
          case .nothing: break
          case .answered(let answer):
            let end = reply.end(answer, text: "", isStopped: run.isStopped)
            return try await writer.write(JSONReply.text(.object(end)) + "\n")
          case .failed(let failure):
            return try await writer.write(JSONReply.text(OllamaReply.error(failure)) + "\n")
          }
          event = await run.next()
        }
      })
  }

  private static func value(_ body: RequestBody) async throws -> JSONValue {
    let bytes = try await body.all(most: 1 << 16)
    do throws(FormatProblem) {
      return try JSONValue.read(bytes, code: .webBody, depthLimit: 8)
    } catch {
      throw Failure(
        .badInput, code: .webBody, "the request is not JSON: \(error.text)",
        remedy: "Send one JSON object.")
    }
  }

  private func reply(
    _ work: (ChatDesk) async throws -> JSONValue
  ) async -> WebResponse {
    do {
      return JSONReply.reply(200, try await work(desk))
    } catch {
      let failure = ChatFailure.of(error)
      return JSONReply.reply(failure, OllamaReply.error(failure))
    }
  }
}
