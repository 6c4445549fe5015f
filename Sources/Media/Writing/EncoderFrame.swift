import CFFmpeg
import Diagnostics

/// A frame with buffers of its own, filled from RGB pictures of any size.
final class EncoderFrame {
  let frame: UnsafeMutablePointer<AVFrame>
  private let height: Int
  private let width: Int
  private let format: AVPixelFormat
  private let isFullRange: Bool

  /// An empty frame.
  ///
  /// - Throws: `media.out-of-memory`.
  init(
    width: Int, height: Int, format: AVPixelFormat, isFullRange: Bool = true
  ) throws(Failure) {
    guard let frame = av_frame_alloc() else { throw LibavError.outOfMemory("a frame") }
    frame.pointee.width = Int32(clamping: width)
    frame.pointee.height = Int32(clamping: height)
    frame.pointee.format = format.rawValue
    frame.pointee.color_range = isFullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
    frame.pointee.colorspace = format == AV_PIX_FMT_RGB24 ? AVCOL_SPC_RGB : AVCOL_SPC_SMPTE170M
    guard av_frame_get_buffer(frame, 0) >= 0 else {
      var frame: UnsafeMutablePointer<AVFrame>? = frame
      av_frame_free(&frame)
      throw LibavError.outOfMemory("a picture of \(width)×\(height)")
    }
    self.frame = frame
    self.width = width
    self.height = height
    self.format = format
    self.isFullRange = isFullRange
  }

  deinit {
    var frame: UnsafeMutablePointer<AVFrame>? = frame
    av_frame_free(&frame)
  }

  /// Copies a picture into the frame, scaled where its size differs.
  ///
  /// - Throws: `media.encode` where swscale cannot convert it.
  func fill(_ image: RGBImage) throws(Failure) {
    guard image.isWhole else {
      throw Failure(
        .fault, code: .mediaEncode,
        "\(image.pixels.count) values are not a picture of \(image.width)×\(image.height)")
    }
    // The encoder may still reference the last picture.
    guard av_frame_make_writable(frame) >= 0 else {
      throw LibavError.outOfMemory("a picture of \(width)×\(height)")
    }
    if format == AV_PIX_FMT_RGB24, image.width == width, image.height == height {
      copy(image)
      return
    }
    let writer = ill_writer_make(
      Int32(image.width), Int32(image.height), format.rawValue, Int32(width), Int32(height),
      isFullRange ? 1 : 0)
    defer { ill_writer_free(writer) }
    let lines = image.pixels.withUnsafeBufferPointer { pixels in
      writer.map {
        ill_writer_fill(
          $0, pixels.baseAddress, Int32(image.width * 3), Int32(image.height), frame)
      }
    }
    guard lines == Int32(height) else {
      throw Failure(
        .fault, code: .mediaEncode,
        "a picture of \(image.width)×\(image.height) cannot be brought to \(width)×\(height)")
    }
  }

  private func copy(_ image: RGBImage) {
    guard let target = frame.pointee.data.0 else { return }
    let stride = Int(frame.pointee.linesize.0)
    image.pixels.withUnsafeBufferPointer { pixels in
      guard let source = pixels.baseAddress else { return }
      for y in 0..<height {
        (target + y * stride).update(from: source + y * width * 3, count: width * 3)
      }
    }
  }

  /// The frame's pixels as a picture; only valid for packed RGB.
  var image: RGBImage {
    let stride = Int(frame.pointee.linesize.0)
    let line = width * 3
    let pixels = [UInt8](unsafeUninitializedCapacity: line * height) { out, used in
      guard let source = frame.pointee.data.0, let target = out.baseAddress else { return }
      for y in 0..<height {
        (target + y * line).update(from: source + y * stride, count: line)
      }
      used = line * height
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }
}

extension RGBImage {
  /// Whether the number of values matches the size, and encoders accept the size.
  var isWhole: Bool {
    (1...1 << 16).contains(width) && (1...1 << 16).contains(height)
      && pixels.count == width * height * 3
  }
}
