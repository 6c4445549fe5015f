import Answers
import Basics
import Diagnostics
import Spool
import WebAPI
import WebServer
import WorkerProtocol

// What people look at.
extension WebSite {
  /// A page, a file or a stream of events; `nil` where there is none.
  func page(_ request: WebRequest) async throws -> WebResponse? {
    let path = request.path
    if let file = StaticFiles.reply(path, known: request.headers["if-none-match"]) { return file }
    let query = request.query
    switch path.first {
    case nil: return Self.see("/ask")
    case "ask" where path.count == 1: return AskPage.make()
    case "jobs" where path.count == 1:
      return try await pool.run { [client] in try JobsPage.make(client, query) }
    case "box" where path.count == 1:
      let findings = await checks.findings()
      let samples = await history.samples
      return try await pool.run { [client] in
        try BoxPage.make(client, findings: findings, history: samples)
      }
    case "login" where path.count == 1: return LoginPage.make(isWrong: false)
    case "events" where path.count == 1: return await queueEvents()
    case "jobs" where JobIDs.isID(path[1]): return try await job(path[1], Array(path.dropFirst(2)))
    default: return nil
    }
  }

  /// Sends a browser elsewhere.
  static func see(_ path: String) -> WebResponse {
    var response = WebResponse(303, type: "text/plain", "")
    response.headers.append(("location", path))
    return response
  }

  private func job(_ id: String, _ rest: [String]) async throws -> WebResponse? {
    switch (rest.first, rest.count) {
    case (nil, _): return try await pool.run { [client] in try JobPage.make(client, id) }
    case ("events", 1): return await jobEvents(id)
    case ("files", 2):
      return try await pool.run { [client] in
        try client.records().job(id).flatMap { JobFiles.reply($0, rest[1], root: client.root) }
      }
    default: return nil
    }
  }

  private static let eventHeaders = [
    (name: "content-type", value: "text/event-stream"), (name: "cache-control", value: "no-store"),
  ]

  private func queueEvents() async -> WebResponse? {
    guard let states = await feed.listen() else {
      return WebResponse(503, type: "text/plain", "Too many browsers listen already.\n")
    }
    return WebResponse(
      200, headers: Self.eventHeaders,
      body: .stream { writer in
        for await state in states { try await writer.write("data: \(state)\n\n") }
      })
  }

  private func jobEvents(_ id: String) async -> WebResponse {
    let news = await desk.watch.follow(id)
    return WebResponse(
      200, headers: Self.eventHeaders,
      body: .stream { [client, pool] writer in
        for await one in news {
          let text: String
          if let job = one.job {
            let ended = try? await pool.run { try Self.ended(job, client) }
            text = JSONReply.text(ended ?? .object([:]))
          } else {
            text = JSONReply.text(Self.state(one.running))
          }
          try await writer.write("data: \(text)\n\n")
        }
      })
  }

  private static func state(_ running: LiveStatus.Running?) -> JSONValue {
    .object([
      "state": .text(running == nil ? "waiting" : "running"),
      "stage": .text(running?.progress?.stage ?? ""),
      "share": .integer(Int((running?.progress?.share ?? 0) * 100)),
      "left": running?.remaining.map { .text(TimeSpan.text(seconds: $0)) } ?? .null,
      "written": .text(running?.written ?? ""),
    ])
  }

  private static func ended(_ job: Job, _ client: SpoolClient) throws -> JSONValue {
    let text = try client.document(job, [])
    let document = try JSONLine.decode(AnswerDocument.self, Array(text.utf8))
    var facts: [String] = []
    if let tokens = document.tokens {
      facts.append("\(tokens.visual) visual tokens, \(tokens.visualLeft) after merging")
    }
    if let seconds = document.seconds { facts.append(TimeSpan.text(seconds: seconds.total)) }
    if let confidence = document.questions.first?.confidence, confidence.isFinite {
      facts.append("confidence \(Int((confidence * 100).rounded())) %")
    }
    facts += document.warnings
    var object: [String: JSONValue] = [
      "state": .text(job.state.rawValue), "final": .flag(job.state.isFinal),
      "written": .text(document.questions.compactMap(\.answer).joined(separator: "\n\n")),
      "about": .text(facts.joined(separator: "; ")),
      "pictures": .array(
        document.pictures.filter { JobFiles.has(job, $0, root: client.root) }.map { .text($0) }),
    ]
    if let error = job.error {
      object["problem"] = .text(HTTPFailure.text(error.failure))
    }
    return .object(object)
  }
}
