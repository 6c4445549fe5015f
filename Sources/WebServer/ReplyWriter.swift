import NIOCore
import NIOHTTP1

/// Writes the body of a reply piece by piece, as fast as the client takes it.
public struct ReplyWriter: Sendable {
  let writer: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
  let channel: any Channel
  let seconds: Int

  /// Sends a piece.
  ///
  /// - Throws: when the client is gone or takes nothing for too long.
  public func write(_ bytes: [UInt8]) async throws {
    guard !bytes.isEmpty else { return }
    try await send(.body(.byteBuffer(ByteBuffer(bytes: bytes))))
  }

  /// Sends a piece of text.
  public func write(_ text: String) async throws { try await write(Array(text.utf8)) }

  func send(_ part: HTTPServerResponsePart) async throws {
    let channel = channel
    let deadline = channel.eventLoop.scheduleTask(in: .seconds(Int64(seconds))) {
      channel.close(promise: nil)
    }
    defer { deadline.cancel() }
    try await writer.write(part)
  }
}
