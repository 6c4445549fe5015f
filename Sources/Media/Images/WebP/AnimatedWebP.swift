import CFFmpeg
import CImages
import Diagnostics

/// The first frame of an animated WebP file, put together on its canvas by libwebpdemux.
enum AnimatedWebP {
  /// Decodes the first frame.
  ///
  /// - Throws: `media.undecodable`, `media.too-large`.
  static func decode(_ file: SourceFile, reading: MediaReading) throws(Failure) -> StillFrame {
    try MediaLimits.check(
      bytes: file.size, most: reading.limits.maxImageBytes, name: file.name)
    let decoder = try Animation(file.head(file.size), name: file.name, reading: reading)
    var pixels: UnsafeMutablePointer<UInt8>?
    var time: Int32 = 0
    guard WebPAnimDecoderGetNext(decoder.decoder, &pixels, &time) == 1, let pixels else {
      throw LibavError.undecodable(file.name, "")
    }
    let still = try StillFrame(
      width: decoder.width, height: decoder.height, pixels: AV_PIX_FMT_RGBA, plane: pixels,
      stride: 4 * decoder.width, format: "webp", owner: decoder)
    if decoder.frames > 1 {
      still.warnings.append(
        "\(file.name) is an animation of \(decoder.frames) images: only the first was looked at; "
          + "convert it to GIF or MP4 to ask about all of it")
    }
    return still
  }

  /// A decoder with the file that it reads.
  private final class Animation {
    let decoder: OpaquePointer
    let width: Int
    let height: Int
    let frames: Int
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    init(_ file: [UInt8], name: String, reading: MediaReading) throws(Failure) {
      bytes = .allocate(capacity: file.count)
      _ = bytes.initialize(from: file)
      var features = WebPBitstreamFeatures()
      guard WebPGetFeatures(bytes.baseAddress, bytes.count, &features) == VP8_STATUS_OK else {
        bytes.deallocate()
        throw LibavError.undecodable(name, "")
      }
      do throws(Failure) {
        try MediaLimits.check(
          width: features.width, height: features.height, pixels: reading.limits.maxPixels,
          name: name)
      } catch {
        bytes.deallocate()
        throw error
      }
      var options = WebPAnimDecoderOptions()
      var data = WebPData(bytes: bytes.baseAddress, size: bytes.count)
      var info = WebPAnimInfo()
      guard WebPAnimDecoderOptionsInit(&options) == 1 else {
        bytes.deallocate()
        throw LibavError.outOfMemory("an animation")
      }
      options.color_mode = MODE_RGBA
      options.use_threads = 0
      guard let decoder = WebPAnimDecoderNew(&data, &options) else {
        bytes.deallocate()
        throw LibavError.undecodable(name, "")
      }
      self.decoder = decoder
      guard WebPAnimDecoderGetInfo(decoder, &info) == 1 else {
        WebPAnimDecoderDelete(decoder)
        bytes.deallocate()
        throw LibavError.undecodable(name, "")
      }
      (width, height) = (Int(info.canvas_width), Int(info.canvas_height))
      frames = Int(info.frame_count)
    }

    deinit {
      WebPAnimDecoderDelete(decoder)
      bytes.deallocate()
    }
  }
}
