import CFFmpeg
import Diagnostics

extension RGBImage {
  /// The image at another size, bicubic, for display.
  ///
  /// - Throws: `media.encode` for impossible sizes, `media.out-of-memory`.
  public func resized(width: Int, height: Int) throws(Failure) -> RGBImage {
    if width == self.width, height == self.height { return self }
    let frame = try EncoderFrame(width: width, height: height, format: AV_PIX_FMT_RGB24)
    try frame.fill(self)
    return frame.image
  }
}
