import CImages
import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One image of a TIFF file, opened with libtiff, which reads through callbacks on the file.
final class TIFFHandle {
  let name: String
  /// The image's size in stored pixels.
  private(set) var width = 0
  private(set) var height = 0
  let tiff: OpaquePointer
  private let stream: Stream
  private let log: UnsafeMutablePointer<ill_tiff_log>

  /// The most bytes that libtiff may ask for at once: those of a large image in one piece.
  private static let mostBytes = 512 << 20

  /// Opens the image whose directory begins at `offset`.
  ///
  /// - Throws: `media.undecodable`, `media.too-large`.
  init(_ file: SourceFile, offset: UInt64, reading: MediaReading) throws(Failure) {
    name = file.name
    stream = Stream(file)
    log = .allocate(capacity: 1)
    log.initialize(to: ill_tiff_log())
    let options = ill_tiff_options(log, tmsize_t(Self.mostBytes))
    defer { TIFFOpenOptionsFree(options) }
    // Neither written to nor mapped, without its first directory.
    let opened = TIFFClientOpenExt(
      "", "rhm", Unmanaged.passUnretained(stream).toOpaque(), Stream.read, { _, _, _ in -1 },
      Stream.seek, { _ in 0 }, Stream.size, { _, _, _ in 0 }, { _, _, _ in }, options)
    guard let tiff = opened else {
      let reason = Self.text(log)
      log.deallocate()
      throw LibavError.undecodable(file.name, reason)
    }
    self.tiff = tiff
    guard TIFFSetSubDirectory(tiff, offset) == 1 else { throw damaged }
    // What is missing of the pixels is read as zeros, so that the part that is there can be shown.
    stream.pads = true
    let (width, height) = (
      ill_tiff_long(tiff, UInt32(TIFFTAG_IMAGEWIDTH), 0),
      ill_tiff_long(tiff, UInt32(TIFFTAG_IMAGELENGTH), 0)
    )
    guard width > 0, height > 0 else { throw damaged }
    try MediaLimits.check(
      width: Int32(clamping: width), height: Int32(clamping: height),
      pixels: reading.limits.maxPixels, name: name)
    (self.width, self.height) = (Int(width), Int(height))
  }

  deinit {
    TIFFClose(tiff)
    log.deallocate()
  }

  /// The failure for a file that libtiff cannot decode.
  var damaged: Failure { LibavError.undecodable(name, Self.text(log)) }
  /// `: reason`, from libtiff's first message.
  var reason: String { Self.text(log) }

  private static func text(_ log: UnsafeMutablePointer<ill_tiff_log>) -> String {
    let text = withUnsafeBytes(of: &log.pointee.first) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return text.isEmpty ? "" : ": \(text.trimmed)"
  }

  /// A tag with a value of 16 bits, or its default.
  func short(_ tag: Int32, _ fallback: Int32 = 0) -> Int32 {
    ill_tiff_short(tiff, UInt32(tag), fallback)
  }

  /// The share of a strip's or tile's bytes that the file holds, from 0 to 1.
  func share(ofPiece piece: UInt32) -> Double {
    let offset = TIFFGetStrileOffset(tiff, piece)
    let bytes = TIFFGetStrileByteCount(tiff, piece)
    guard bytes > 0, offset > 0 else { return 0 }
    let size = UInt64(stream.file.size)
    guard offset < size else { return 0 }
    return min(1, Double(size - offset) / Double(bytes))
  }

  /// The file as libtiff reads it.
  private final class Stream {
    let file: SourceFile
    var offset = 0
    /// Whether reading beyond the end gives zeros.
    var pads = false

    init(_ file: SourceFile) { self.file = file }

    private static func from(_ handle: UnsafeMutableRawPointer?) -> Stream? {
      handle.map { Unmanaged<Stream>.fromOpaque($0).takeUnretainedValue() }
    }

    static let read:
      @convention(c) (UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, tmsize_t) -> tmsize_t = {
        handle, buffer, count in
        guard let stream = from(handle), let buffer, count > 0 else { return 0 }
        let got = max(0, stream.file.read(at: stream.offset, into: buffer, count: Int(count)))
        stream.offset = stream.offset.addingClamped(got)
        guard stream.pads, got < Int(count) else { return tmsize_t(got) }
        memset(buffer + got, 0, Int(count) - got)
        return count
      }

    static let seek: @convention(c) (UnsafeMutableRawPointer?, toff_t, Int32) -> toff_t = {
      handle, offset, whence in
      guard let stream = from(handle) else { return toff_t.max }
      let base = whence == SEEK_CUR ? stream.offset : whence == SEEK_END ? stream.file.size : 0
      let target = base.addingClamped(Int(truncatingIfNeeded: offset))
      guard target >= 0 else { return toff_t.max }
      stream.offset = target
      return toff_t(target)
    }

    static let size: @convention(c) (UnsafeMutableRawPointer?) -> toff_t = { handle in
      toff_t(from(handle)?.file.size ?? 0)
    }
  }
}
