import CFFmpeg
import CImages
import Diagnostics

/// The upper part of a WebP file that was cut off, read by libwebp, which decodes files that are still
/// arriving.
enum CutWebP {
  /// Decodes the lines that are there.
  ///
  /// - Throws: `media.undecodable` where next to nothing is there, `media.too-large`.
  static func decode(
    _ bytes: [UInt8], name: String, reading: MediaReading
  ) throws(Failure) -> StillFrame {
    var features = WebPBitstreamFeatures()
    guard WebPGetFeatures(bytes, bytes.count, &features) == VP8_STATUS_OK else {
      throw LibavError.undecodable(name, ": the file ends early")
    }
    try MediaLimits.check(
      width: features.width, height: features.height, pixels: reading.limits.maxPixels, name: name)
    guard let decoder = WebPINewRGB(MODE_RGBA, nil, 0, 0) else {
      throw LibavError.outOfMemory("an image")
    }
    defer { WebPIDelete(decoder) }
    let still = try StillFrame(
      width: Int(features.width), height: Int(features.height), pixels: AV_PIX_FMT_RGBA,
      format: "webp")
    let good = bytes.withUnsafeBufferPointer { buffer in
      // The decoder reads from the buffer as long as it lives.
      _ = WebPIUpdate(decoder, buffer.baseAddress, buffer.count)
      var (last, width, height, stride) = (Int32(0), Int32(0), Int32(0), Int32(0))
      guard let pixels = WebPIDecGetRGB(decoder, &last, &width, &height, &stride),
        width == features.width, height == features.height
      else { return 0 }
      let good = max(0, min(Int(last), still.height))
      for y in 0..<good {
        still.line(y)?.update(from: pixels + y * Int(stride), count: 4 * still.width)
      }
      return good
    }
    still.clear(
      x: 0, y: good, width: still.width, height: still.height - good, bytesPerPixel: 4)
    let part = MissingPart(missing: still.height - good, total: still.height)
    if let warning = try part.warning(name: name) {
      still.warnings.append(warning)
    } else {
      still.warnings.append("\(name) ends early; copy it again")
    }
    return still
  }
}
