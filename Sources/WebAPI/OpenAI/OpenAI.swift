import Basics
import Diagnostics
import Spool
import WebServer

/// OpenAI's interface.
public struct OpenAI: Sendable {
  private let desk: ChatDesk

  /// The interface to a desk.
  public init(desk: ChatDesk) { self.desk = desk }

  /// `GET /v1/models`, and one of them by its name.
  public func models(_ name: String?) async -> WebResponse {
    do {
      let model = ModelEntry(try await desk.live())
      let entry = JSONValue.object([
        "id": .text(model.name), "object": .text("model"), "created": .integer(model.created),
        "owned_by": .text("illava"),
      ])
      guard let name else {
        return JSONReply.reply(
          200, .object(["object": .text("list"), "data": .array([entry])]))
      }
      try model.check(name)
      return JSONReply.reply(200, entry)
    } catch {
      let failure = ChatFailure.of(error)
      return JSONReply.reply(failure, OpenAIReply.error(failure))
    }
  }

  /// `POST /v1/chat/completions`.
  public func chat(_ body: RequestBody) async -> WebResponse {
    do {
      let model = ModelEntry(try await desk.checkRoom())
      let intake = try await RequestIntake.take(body, root: desk.client.root, pool: desk.writing)
      let request = try OpenAIRequest(intake.value)
      try model.check(request.question.model)
      let run = try await desk.ask(request.question, intake)
      let reply = OpenAIReply(
        id: run.id, model: model.name, created: Timestamp.nowMilliseconds / 1000, request: request)
      guard request.question.streams else {
        let (answer, text) = try await run.whole()
        return JSONReply.reply(200, reply.whole(answer, text: text, isStopped: run.isStopped))
      }
      return await stream(run, reply)
    } catch {
      let failure = ChatFailure.of(error)
      return JSONReply.reply(failure, OpenAIReply.error(failure))
    }
  }

  /// Sends the answer while it is written. The head waits for the first event, so that a failure before it
  /// has a status of its own.
  private func stream(_ run: ChatRun, _ reply: OpenAIReply) async -> WebResponse {
    let first = await run.next()
    if case .failed(let failure) = first {
      return JSONReply.reply(failure, OpenAIReply.error(failure))
    }
    return WebResponse(
      200, headers: [("content-type", "text/event-stream"), ("cache-control", "no-store")],
      body: .stream { writer in
        try await writer.write(reply.piece(["role": .text("assistant"), "content": .text("")]))
        var event = first
        while !Task.isCancelled {
          switch event {
          case .text(let piece): try await writer.write(reply.piece(["content": .text(piece)]))
          // A comment, which clients skip: the connection is alive.
          case .nothing: try await writer.write(": working\n\n")
          case .answered(let answer):
            return try await writer.write(reply.end(answer, isStopped: run.isStopped))
          case .failed(let failure):
            return try await writer.write(
              "data: \(JSONReply.text(OpenAIReply.error(failure)))\n\ndata: [DONE]\n\n")
          }
          event = await run.next()
        }
      })
  }
}
