import ArgumentParser
import Diagnostics
import Spool
import WebServer

@preconcurrency import Glibc

/// Serves a spool until it is ended.
struct WebServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve a spool in the foreground (this is the default).",
    discussion: """
      Started by a socket of systemd, it serves that. Whoever listens at more than this machine \
      needs the token, which illava web token prints.
      """)

  @Option(help: "The folder of the spool (default: ILLAVA_SPOOL, else /var/lib/illava).")
  var spool: String?
  @Option(help: "The daemon's configuration, for the checks (default: /etc/illava/illavad.toml).")
  var config: String?
  @Option(help: "Where to listen: HOST:PORT.")
  var listen = "127.0.0.1:\(ListenAddress.port)"
  @Option(name: .customLong("host"), help: "A name by which this machine is reached; repeatable.")
  var hosts: [String] = []
  @Flag(help: "Ask for the token on this machine, too.")
  var requireToken = false
  @Option(
    help: "The file with the token (default: ILLAVA_WEB_TOKEN, else below /var/lib/illava-web).")
  var tokenFile: String?
  @Option(help: "With so many jobs waiting, clients are told to come again.")
  var mostWaiting = 256
  @Option(help: "The most bytes of a request, in MiB.")
  var largestBody = 2048

  func run() async throws {
    do {
      try await serve()
    } catch let failure as Failure {
      fputs("error: \(PlainText.lines("\(failure)"))\n", stderr)
      throw ExitCode(failure.kind.exitStatus)
    }
  }

  /// Raises the limit of open files, which is often 1,024, as far as this user may.
  private static func allowConnections() {
    let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(files, &limit) == 0 else { return }
    limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 16_384))
    setrlimit(files, &limit)
  }

  private func serve() async throws {
    signal(SIGPIPE, SIG_IGN)
    setvbuf(stdout, nil, _IOLBF, 0)
    Self.allowConnections()
    let environment = ProcessEnvironment.all
    let place = try SpoolPlace(spool: spool, configuration: config, environment: environment)
    let inherited = InheritedSocket(environment)
    let address =
      try inherited.map { ListenAddress.descriptor($0.descriptor) } ?? ListenAddress(listen)
    var token: WebToken?
    if requireToken || !(inherited?.isLoopback ?? address.isLoopback) {
      token = WebToken(
        try WebToken.text(at: tokenFile ?? WebToken.usualPath(environment)))
    }
    let pool = BlockingPool()
    let site = WebSite(
      place: place, pool: pool, token: token, hosts: hosts, mostWaiting: max(1, mostWaiting))
    var limits = ServerLimits()
    limits.bodyBytes = max(1, min(largestBody, 1 << 30)) << 20
    let server = WebServer(limits: limits, pool: pool) { request, body in
      await site.serve(request, body)
    }
    site.connections = { [weak server] in server?.connections ?? 0 }
    let port = try await server.listen(address)
    if case .host(let host, _) = address {
      let name = host == "0.0.0.0" || host == "::" ? "localhost" : host
      print("illava is at http://\(ListenAddress.host(name, port))")
    }
    await site.run()
  }
}
