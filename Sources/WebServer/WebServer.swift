import Diagnostics
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A server of HTTP/1.1 (RFC 9112).
public final class WebServer: Sendable {
  /// Answers a request; the task is cancelled when the client goes.
  public typealias Handler = @Sendable (WebRequest, RequestBody) async -> WebResponse

  private let group: MultiThreadedEventLoopGroup
  private let limits: ServerLimits
  private let pool: BlockingPool
  private let handler: Handler
  private let open = Atomic<Int>(0)

  /// A server that does not listen yet.
  public init(limits: ServerLimits, pool: BlockingPool, handler: @escaping Handler) {
    group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    self.limits = limits
    self.pool = pool
    self.handler = handler
  }

  /// The connections that are open.
  public var connections: Int { open.load(ordering: .relaxed) }

  /// Listens at an address.
  ///
  /// - Returns: the port that was taken.
  /// - Throws: `web.listen`.
  public func listen(_ address: ListenAddress) async throws(Failure) -> Int {
    do {
      let channel =
        switch address {
        case .host(let host, let port):
          try await bootstrap.bind(host: host, port: port).get()
        case .descriptor(let descriptor):
          try await bootstrap.withBoundSocket(descriptor).get()
        }
      return channel.localAddress?.port ?? 0
    } catch {
      throw Failure(
        .fault, code: .webListen, "\(address) cannot be listened at: \(error)",
        remedy: "Give another address or port, or end the program that has this one.")
    }
  }

  private var bootstrap: ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.socketOption(.so_keepalive), value: 1)
      .childChannelOption(.maxMessagesPerRead, value: 2)
      .childChannelInitializer { [self] channel in
        channel.eventLoop.makeCompletedFuture { try begin(channel) }
      }
  }

  private func begin(_ channel: any Channel) throws {
    guard open.add(1, ordering: .relaxed).newValue <= limits.connections else {
      open.subtract(1, ordering: .relaxed)
      throw ServerProblem.tooLarge
    }
    channel.closeFuture.whenComplete { [self] _ in open.subtract(1, ordering: .relaxed) }
    // Requests that a client sends ahead wait in the connection's own queue. NIO's own help with them
    // would stop reading while a reply is due, and nobody would learn that the client is gone.
    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
      withPipeliningAssistance: false, withErrorHandling: true)
    let parts = try NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>(
      wrappingChannelSynchronously: channel)
    let connection = Connection(channel: parts, limits: limits, pool: pool, handler: handler)
    let task = Task { await connection.run() }
    channel.closeFuture.whenComplete { _ in task.cancel() }
  }
}
