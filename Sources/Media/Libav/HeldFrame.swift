import CFFmpeg
import Diagnostics

/// A frame that outlives the call it was passed to; its pixels are shared with the decoder's.
final class HeldFrame {
  let frame: UnsafeMutablePointer<AVFrame>

  /// An empty frame.
  init() throws(Failure) {
    guard let frame = av_frame_alloc() else { throw LibavError.outOfMemory("a frame") }
    self.frame = frame
  }

  /// Another reference to a frame.
  convenience init(_ other: UnsafeMutablePointer<AVFrame>) throws(Failure) {
    try self.init()
    guard av_frame_ref(frame, other) >= 0 else { throw LibavError.outOfMemory("a frame") }
  }

  deinit {
    var frame: UnsafeMutablePointer<AVFrame>? = frame
    av_frame_free(&frame)
  }
}
