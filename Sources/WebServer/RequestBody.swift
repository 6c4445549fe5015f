import NIOCore
import NIOHTTP1

/// The body of a request, piece by piece: the client sends more only when a piece was taken.
///
/// Only the task that serves the request uses it.
public final class RequestBody: @unchecked Sendable {
  typealias Parts = NIOAsyncChannelInboundStream<HTTPServerRequestPart>

  private var parts: Parts.AsyncIterator
  private let channel: any Channel
  private let limits: ServerLimits
  private var most: Int
  private var count = 0
  private var begun: NIODeadline?
  private var expectsContinue = false
  private var isAtEnd = true
  private let writer: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>

  init(
    _ parts: Parts, writer: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>,
    channel: any Channel, limits: ServerLimits
  ) {
    self.parts = parts.makeAsyncIterator()
    self.writer = writer
    self.channel = channel
    self.limits = limits
    most = limits.bodyBytes
  }

  /// Whether the whole body was taken.
  var isTaken: Bool { isAtEnd }

  /// Waits for the head of the next request; `nil` where no further one comes.
  func head() async throws -> HTTPRequestHead? {
    while let part = try await part(within: limits.headSeconds) {
      if case .head(let head) = part {
        isAtEnd = false
        count = 0
        most = limits.bodyBytes
        begun = nil
        expectsContinue = head.headers["expect"].contains { $0.lowercased() == "100-continue" }
        return head
      }
    }
    return nil
  }

  /// Takes at most so many bytes of the body.
  public func limit(_ bytes: Int) { most = min(most, bytes) }

  /// The next piece; `nil` at the end.
  ///
  /// - Throws: `ServerProblem`.
  public func next() async throws -> [UInt8]? {
    guard !isAtEnd else { return nil }
    let start = begun ?? .now()
    begun = start
    if expectsContinue {
      expectsContinue = false
      try await writer.write(
        .head(HTTPResponseHead(version: .http1_1, status: .continue)))
    }
    while true {
      switch try await part(within: limits.pieceSeconds) {
      case .body(let buffer):
        count += buffer.readableBytes
        guard count <= most else { throw ServerProblem.tooLarge }
        let seconds = Int((NIODeadline.now() - start).nanoseconds / 1_000_000_000)
        let late = seconds - limits.pieceSeconds
        guard late <= 0 || count / seconds >= limits.bodyRate else { throw ServerProblem.tooSlow }
        return Array(buffer.readableBytesView)
      case .end:
        isAtEnd = true
        return nil
      case .head, nil: throw ServerProblem.gone
      }
    }
  }

  /// The whole body.
  ///
  /// - Throws: `ServerProblem.tooLarge` for more bytes than `most`.
  public func all(most: Int) async throws -> [UInt8] {
    limit(most)
    var bytes: [UInt8] = []
    while let piece = try await next() { bytes += piece }
    return bytes
  }

  private func part(within seconds: Int) async throws -> HTTPServerRequestPart? {
    let channel = channel
    let deadline = channel.eventLoop.scheduleTask(in: .seconds(Int64(seconds))) {
      channel.close(promise: nil)
    }
    defer { deadline.cancel() }
    var parts = parts
    let part = try await parts.next()
    self.parts = parts
    return part
  }
}
