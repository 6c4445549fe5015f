import CFFmpeg
import Diagnostics

/// A still image as it was decoded: pixels at their own size, not yet turned or converted.
final class StillFrame {
  let frame: UnsafeMutablePointer<AVFrame>
  /// How the pixels are turned for display.
  var orientation: Orientation
  /// The format's short name, such as `jpeg`.
  let format: String
  /// When it was taken, by the file itself.
  var created: String?
  /// Problems of a file that could still be decoded; one sentence each.
  var warnings: [String] = []
  /// Holds the memory of pixels that the frame does not own.
  private let owner: AnyObject?

  /// A frame that takes over `frame`.
  init(
    _ frame: UnsafeMutablePointer<AVFrame>, orientation: Orientation = .upright, format: String,
    owner: AnyObject? = nil
  ) {
    self.frame = frame
    self.orientation = orientation
    self.format = format
    self.owner = owner
  }

  deinit {
    var frame: UnsafeMutablePointer<AVFrame>? = frame
    av_frame_free(&frame)
  }

  /// A frame with memory for its pixels, every byte of which is 128: mid gray.
  convenience init(
    width: Int, height: Int, pixels: AVPixelFormat, orientation: Orientation = .upright,
    format: String
  ) throws(Failure) {
    LibavMemory.limit(to: LibavMemory.picture)
    var made = av_frame_alloc()
    guard let frame = made, let wide = Int32(exactly: width), let high = Int32(exactly: height)
    else {
      av_frame_free(&made)
      throw LibavError.outOfMemory("an image of \(width)×\(height) pixels")
    }
    frame.pointee.width = wide
    frame.pointee.height = high
    frame.pointee.format = pixels.rawValue
    guard av_frame_get_buffer(frame, 0) >= 0 else {
      av_frame_free(&made)
      throw LibavError.outOfMemory("an image of \(width)×\(height) pixels")
    }
    ill_fill_gray(frame)
    self.init(frame, orientation: orientation, format: format)
  }

  /// A frame on pixels that `owner` keeps, all in one plane.
  convenience init(
    width: Int, height: Int, pixels: AVPixelFormat, plane: UnsafeMutablePointer<UInt8>, stride: Int,
    format: String, owner: AnyObject
  ) throws(Failure) {
    guard let frame = av_frame_alloc() else { throw LibavError.outOfMemory("an image") }
    frame.pointee.width = Int32(clamping: width)
    frame.pointee.height = Int32(clamping: height)
    frame.pointee.format = pixels.rawValue
    frame.pointee.data.0 = plane
    frame.pointee.linesize.0 = Int32(clamping: stride)
    self.init(frame, format: format, owner: owner)
  }

  var width: Int { Int(frame.pointee.width) }
  var height: Int { Int(frame.pointee.height) }

  /// The address of a line of the first plane.
  func line(_ y: Int) -> UnsafeMutablePointer<UInt8>? {
    frame.pointee.data.0.map { $0 + y * Int(frame.pointee.linesize.0) }
  }

  /// Makes an area of the first plane mid gray.
  func clear(x: Int, y: Int, width: Int, height: Int, bytesPerPixel: Int) {
    let right = min(self.width, x + width)
    guard x < right else { return }
    for row in y..<max(y, min(self.height, y + height)) {
      guard let line = line(row) else { return }
      (line + x * bytesPerPixel).update(repeating: 128, count: (right - x) * bytesPerPixel)
    }
    ill_opaque_area(frame, Int32(x), Int32(y), Int32(clamping: width), Int32(clamping: height))
  }
}
