import Diagnostics
import Spool
import Synchronization
import WebAPI
import WebServer

/// Everything that is served, and what it needs.
public final class WebSite: Sendable {
  let place: SpoolPlace
  let client: SpoolClient
  let pool: BlockingPool
  let gate: Gate
  let desk: ChatDesk
  let openAI: OpenAI
  let ollama: Ollama
  let feed: QueueFeed
  let uploads: UploadDesk
  let history = LoadHistory()
  let checks: CheckCache
  let metrics = WebMetrics()
  private let counter = Mutex<@Sendable () -> Int>({ 0 })

  /// Says how many connections are open.
  public var connections: @Sendable () -> Int {
    get { counter.withLock(\.self) }
    set { counter.withLock { $0 = newValue } }
  }

  /// A site of a spool.
  ///
  /// - Parameters:
  ///   - token: what clients have to say; `nil` for nothing.
  ///   - hosts: names by which the machine is reached.
  ///   - mostWaiting: with so many jobs waiting, no further ones are taken.
  public init(
    place: SpoolPlace, pool: BlockingPool, token: WebToken?, hosts: [String], mostWaiting: Int
  ) {
    self.place = place
    self.pool = pool
    client = SpoolClient(root: place.root)
    gate = Gate(token: token, hosts: hosts)
    desk = ChatDesk(client: client, pool: pool, mostWaiting: mostWaiting)
    openAI = OpenAI(desk: desk)
    ollama = Ollama(desk: desk)
    feed = QueueFeed(client: client, pool: pool)
    uploads = UploadDesk(root: place.root)
    checks = CheckCache(place: place, pool: pool)
  }

  /// Collects numbers for the charts, until the task is cancelled.
  public func run() async { await history.run(client, pool) }

  /// Serves a request.
  public func serve(_ request: WebRequest, _ body: RequestBody) async -> WebResponse {
    let start = ContinuousClock.now
    var response = await answer(request, body)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    metrics.count(response.status, area: Self.area(request), seconds: seconds)
    for (name, value) in [
      // With no-referrer, browsers would say of the own forms that they come from nowhere.
      ("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin"),
      ("cross-origin-resource-policy", "same-origin"),
      ("cross-origin-opener-policy", "same-origin"),
      ("x-frame-options", "DENY"),
    ] { response.headers.append((name, value)) }
    return response
  }

  private static func area(_ request: WebRequest) -> String {
    switch request.path.first {
    case "v1": "openai"
    case "api": "ollama"
    default: "page"
    }
  }

  private func answer(_ request: WebRequest, _ body: RequestBody) async -> WebResponse {
    switch gate.verdict(request) {
    case .refused(let reason):
      return WebResponse(403, type: "text/plain", "Refused: \(reason).\n")
    case .token where request.path == ["health"] || StaticFiles.has(request.path): break
    case .token where request.path == ["login"] && request.method == "POST":
      return await login(body)
    case .token where Self.area(request) == "page" && request.method == "GET":
      return LoginPage.make(isWrong: false)
    case .token:
      var response = WebResponse(
        401, type: "application/json",
        "{\"error\":{\"message\":\"the token is missing or wrong; illava web token prints it\","
          + "\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"invalid_api_key\"}}")
      response.headers.append(("www-authenticate", "Bearer"))
      return response
    case .open: break
    }
    let method = request.method == "HEAD" ? "GET" : request.method
    do {
      if let response = try await route(method, request, body) { return response }
    } catch {
      let failure = ChatFailure.of(error)
      return PageFrame.message(
        HTTPFailure.status(failure), "That did not work", HTTPFailure.text(failure))
    }
    return PageFrame.message(404, "Not found", "There is nothing at this address.")
  }

  private func login(_ body: RequestBody) async -> WebResponse {
    guard let bytes = try? await body.all(most: 4096), let form = PercentText.form(bytes),
      let said = form["token"], gate.token?.fits(said) == true
    else { return LoginPage.make(isWrong: true) }
    var response = WebResponse(303, type: "text/plain", "")
    response.headers.append(("location", "/ask"))
    response.headers.append(
      (
        "set-cookie",
        "\(Gate.cookie)=\(PercentText.encoded(said)); Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000"
      ))
    return response
  }

  private func route(
    _ method: String, _ request: WebRequest, _ body: RequestBody
  ) async throws -> WebResponse? {
    switch (method, request.path.first ?? "") {
    case (_, "v1"), (_, "api"): return await interface(method, request.path, body)
    case ("GET", "health"), ("GET", "props"), ("GET", "metrics"):
      return request.path.count == 1 ? await report(request.path[0]) : nil
    case ("GET", _): return try await page(request)
    case ("POST", "uploads"), ("POST", "ask"):
      return await ask(request, body)
    case ("POST", "jobs"), ("POST", "queue"): return try await order(request, body)
    case ("POST", "login"): return await login(body)
    default: return nil
    }
  }
}
