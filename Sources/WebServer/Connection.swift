import Diagnostics
import NIOCore
import NIOHTTP1

/// A client's connection: its requests, one after the other.
struct Connection: Sendable {
  let channel: NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>
  let limits: ServerLimits
  let pool: BlockingPool
  let handler: WebServer.Handler

  private static let pieceBytes = 1 << 16

  func run() async {
    do {
      try await channel.executeThenClose { inbound, outbound in
        let body = RequestBody(
          inbound, writer: outbound, channel: channel.channel, limits: limits)
        let writer = ReplyWriter(
          writer: outbound, channel: channel.channel, seconds: limits.pieceSeconds)
        while !Task.isCancelled, let head = try await body.head() {
          guard try await serve(head, body, writer) else { return }
        }
      }
    } catch {
      // The client is gone or was too slow: nobody is left to be told.
    }
  }

  /// - Returns: whether the connection is kept for another request.
  private func serve(
    _ head: HTTPRequestHead, _ body: RequestBody, _ writer: ReplyWriter
  ) async throws -> Bool {
    var response: WebResponse
    if head.headers.count > limits.headers {
      response = WebResponse(431, type: "text/plain", "The request has too many headers.\n")
    } else if let request = WebRequest(
      method: head.method.rawValue, target: head.uri,
      headers: head.headers.map { ($0.name, $0.value) })
    {
      response = await handler(request, body)
    } else {
      response = WebResponse(400, type: "text/plain", "The path of the request is broken.\n")
    }
    // What is left of a body is not read: it may be of any length.
    var keeps = head.isKeepAlive
    if !body.isTaken { keeps = try await takesRest(of: body) && keeps }
    try await send(&response, head, writer, keeps: keeps)
    return keeps
  }

  /// Whether the rest of the body is short, and then taken.
  private func takesRest(of body: RequestBody) async throws -> Bool {
    do {
      var left = Self.pieceBytes
      while left > 0, let piece = try await body.next() { left -= piece.count }
      return body.isTaken
    } catch let problem as ServerProblem where problem != .gone {
      return false
    }
  }

  private func send(
    _ response: inout WebResponse, _ request: HTTPRequestHead, _ writer: ReplyWriter, keeps: Bool
  ) async throws {
    var head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: response.status),
      headers: HTTPHeaders(response.headers.map { ($0.name, $0.value) }))
    let length: Int? =
      switch response.body {
      case .bytes(let bytes): bytes.count
      case .file(let file): file.count
      case .stream: nil
      }
    let isCurrent = request.version.major == 1 && request.version.minor >= 1
    // Without a length, older clients read up to the end of the connection.
    let isLast = !keeps || (length == nil && !isCurrent)
    if let length {
      head.headers.replaceOrAdd(name: "content-length", value: "\(length)")
    } else if isCurrent {
      head.headers.replaceOrAdd(name: "transfer-encoding", value: "chunked")
    }
    head.headers.replaceOrAdd(name: "connection", value: isLast ? "close" : "keep-alive")
    try await writer.send(.head(head))
    if request.method != .HEAD {
      switch response.body {
      case .bytes(let bytes): try await writer.write(bytes)
      case .file(let file): try await send(file, writer)
      case .stream(let write): try await write(writer)
      }
    }
    try await writer.send(.end(nil))
    if isLast { throw ServerProblem.gone }
  }

  private func send(_ file: OpenFile, _ writer: ReplyWriter) async throws {
    var place = 0
    while place < file.count {
      let at = place
      let most = min(Self.pieceBytes, file.count - place)
      let bytes = try await pool.run { file.read(at: at, most: most) }
      // The length that was promised cannot be kept.
      guard !bytes.isEmpty else { throw ServerProblem.gone }
      try await writer.write(bytes)
      place += bytes.count
    }
  }
}
