import Basics
import Diagnostics
import Spool
import WebAPI
import WebServer
import WorkerProtocol

// The interfaces for programs.
extension WebSite {
  /// A reply of OpenAI's or Ollama's interface.
  func interface(_ method: String, _ path: [String], _ body: RequestBody) async -> WebResponse {
    switch (method, path) {
    case ("GET", ["v1", "models"]): return await openAI.models(nil)
    case ("GET", _) where path.count == 3 && path.starts(with: ["v1", "models"]):
      return await openAI.models(path[2])
    case ("POST", ["v1", "chat", "completions"]): return await openAI.chat(body)
    case ("GET", ["api", "version"]): return ollama.versionReply
    case ("GET", ["api", "tags"]), ("GET", ["api", "ps"]): return await ollama.tags()
    case ("POST", ["api", "show"]): return await ollama.show(body)
    case ("POST", ["api", "chat"]): return await ollama.ask(body, isChat: true)
    case ("POST", ["api", "generate"]): return await ollama.ask(body, isChat: false)
    default:
      let isOpenAI = path.first == "v1"
      let text = "there is no \(method) /\(path.joined(separator: "/")) here"
      let error: JSONValue =
        isOpenAI
        ? .object([
          "message": .text(text), "type": .text("invalid_request_error"), "param": .null,
          "code": .null,
        ])
        : .text(text)
      return JSONReply.reply(404, .object(["error": error]))
    }
  }

  /// What monitors ask for, as llama-server has it, and the metrics.
  func report(_ name: String) async -> WebResponse {
    do {
      switch name {
      case "metrics":
        let daemon = try await pool.run { [client] in
          try ControlClient(root: client.root).ask(ControlRequest(.metrics))?.text ?? ""
        }
        let own = metrics.text(connections: connections(), questions: desk.questions)
        return WebResponse(200, type: "text/plain; version=0.0.4", daemon + own)
      case "props":
        let live = try await desk.live()
        return JSONReply.reply(
          200,
          .object([
            "model_path": .text(live.model), "total_slots": .integer(max(1, live.workers)),
            "chat_template": .text(""), "build_info": .text("illava \(ProgramVersion.text)"),
            "modalities": .object(["vision": .flag(true), "audio": .flag(false)]),
            "default_generation_settings": .object([:]),
          ]))
      default:
        let live = try await desk.live()
        if let obstacle = live.obstacle { throw obstacle.failure }
        return JSONReply.reply(200, .object(["status": .text("ok")]))
      }
    } catch {
      let failure = ChatFailure.of(error)
      return JSONReply.reply(
        503,
        .object([
          "error": .object([
            "code": .integer(503), "message": .text(HTTPFailure.text(failure)),
            "type": .text("unavailable_error"),
          ])
        ]))
    }
  }
}
