import CFFmpeg
import Options

/// The transparency of a frame, which is blended with a background line by line.
final class AlphaPlane {
  private let frame: UnsafeMutablePointer<AVFrame>
  private let descriptor: UnsafePointer<AVPixFmtDescriptor>
  private let component: Int32
  private let background: [Int32]
  /// The opacity of the line that was read last, and space to read it.
  private var line: [UInt8]
  private var scratch: [UInt16]
  private var lineNumber = -1

  /// The transparency of a frame; `nil` for formats without any.
  init?(
    frame: UnsafeMutablePointer<AVFrame>, descriptor: UnsafePointer<AVPixFmtDescriptor>,
    background: BackgroundColor
  ) {
    let flags = Int32(truncatingIfNeeded: descriptor.pointee.flags)
    let isPalette = flags & AV_PIX_FMT_FLAG_PAL != 0
    let depth = descriptor.pointee.comp.0.depth
    guard flags & AV_PIX_FMT_FLAG_ALPHA != 0 || isPalette, depth <= 16,
      flags & (AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_FLOAT | AV_PIX_FMT_FLAG_BAYER) == 0
    else { return nil }
    self.frame = frame
    self.descriptor = descriptor
    component = isPalette ? 3 : Int32(descriptor.pointee.nb_components) - 1
    self.background = [background.red, background.green, background.blue].map(Int32.init)
    let width = max(0, Int(frame.pointee.width))
    line = [UInt8](repeating: 255, count: width)
    scratch = [UInt16](repeating: 0, count: width)
  }

  /// Whether the background is a color and not a gray.
  var hasColor: Bool { Set(background).count > 1 }

  /// Blends a line of a channel (0 is red).
  func blend(_ values: UnsafeMutablePointer<UInt8>, channel: Int, y: Int) {
    guard background.indices.contains(channel) else { return }
    if lineNumber != y {
      ill_read_row(frame, descriptor, Int32(y), component, &scratch, &line)
      lineNumber = y
    }
    ill_blend_row(values, line, background[channel], line.count)
  }

  /// Blends three planes of the frame's height, red first.
  func blend(planes: UnsafeMutablePointer<UInt8>, stride: Int) {
    let height = Int(frame.pointee.height)
    for y in 0..<max(0, height) {
      for channel in 0..<3 {
        blend(planes + (channel * height + y) * stride, channel: channel, y: y)
      }
    }
  }
}
