import CFFmpeg
import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file as FFmpeg's `AVIOContext`, read from its start.
final class ByteStream {
  let io: UnsafeMutablePointer<AVIOContext>
  private let cursor: SourceFile.Cursor

  /// Opens the file; `progress` hears of every read and can end them.
  init(_ file: SourceFile, progress: ReadingProgress? = nil) throws(Failure) {
    cursor = SourceFile.Cursor(file, progress: progress)
    let size = 1 << 16
    guard let buffer = av_malloc(size) else { throw LibavError.outOfMemory("a file buffer") }
    let io = avio_alloc_context(
      buffer.assumingMemoryBound(to: UInt8.self), Int32(size), 0,
      Unmanaged.passUnretained(cursor).toOpaque(), Self.read, nil, Self.seek)
    guard let io else {
      av_free(buffer)
      throw LibavError.outOfMemory("a file buffer")
    }
    self.io = io
  }

  deinit {
    // FFmpeg may have replaced the buffer that was passed to it.
    av_free(io.pointee.buffer)
    var io: UnsafeMutablePointer<AVIOContext>? = io
    avio_context_free(&io)
  }

  private static let read:
    @convention(c) (UnsafeMutableRawPointer?, UnsafeMutablePointer<UInt8>?, Int32) -> Int32 = {
      opaque, buffer, count in
      guard let opaque, let buffer else { return ill_error(EINVAL) }
      let cursor = Unmanaged<SourceFile.Cursor>.fromOpaque(opaque).takeUnretainedValue()
      if let progress = cursor.progress, !progress.beat() { return ill_error(EINTR) }
      let got = cursor.file.read(at: cursor.offset, into: buffer, count: Int(count))
      if got == 0 { return ill_error_end }
      if got < 0 { return ill_error(Int32(-got)) }
      cursor.offset += got
      return Int32(got)
    }

  private static let seek: @convention(c) (UnsafeMutableRawPointer?, Int64, Int32) -> Int64 = {
    opaque, offset, whence in
    guard let opaque else { return Int64(ill_error(EINVAL)) }
    let cursor = Unmanaged<SourceFile.Cursor>.fromOpaque(opaque).takeUnretainedValue()
    let base: Int
    switch whence & ~AVSEEK_FORCE {
    case AVSEEK_SIZE: return Int64(cursor.file.size)
    case SEEK_SET: base = 0
    case SEEK_CUR: base = cursor.offset
    case SEEK_END: base = cursor.file.size
    default: return Int64(ill_error(EINVAL))
    }
    let (target, overflow) = base.addingReportingOverflow(Int(offset))
    guard !overflow, target >= 0 else { return Int64(ill_error(EINVAL)) }
    cursor.offset = target
    return Int64(target)
  }
}
