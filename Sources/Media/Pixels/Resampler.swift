import CFFmpeg

/// Resizes 8-bit planes with the antialiased bicubic filter (a = -0.5) of PIL and torchvision.
///
/// The arithmetic is that of torchvision for 8-bit tensors: lines first, then columns, 8 bits between
/// them, 16-bit weights. swscale's filter is the same inside an image, but treats the edges differently
/// and drops small weights: 0.0005…0.002 (of a range of 2) on average, and up to 20 steps of 255 at
/// single pixels.
struct Resampler {
  /// The weights of one axis.
  private struct Axis {
    var from = 0
    var to = 0
    var firsts: [Int32] = []
    var counts: [Int32] = []
    var weights: [Int16] = []
    var taps = 0
    var shift: Int32 = 0
  }

  private var across = Axis()
  private var down = Axis()

  /// Reads `height` lines of `width` values through `line` and writes `size` of them to `out`.
  ///
  /// `line` returns the address of a line for its number; the pointer is used until the next call.
  mutating func resample(
    height: Int, width: Int, to size: (height: Int, width: Int),
    out: UnsafeMutablePointer<UInt8>, line: (Int) -> UnsafePointer<UInt8>
  ) {
    if across.from != width || across.to != size.width { across = Self.axis(width, size.width) }
    if down.from != height || down.to != size.height { down = Self.axis(height, size.height) }
    if height == size.height {
      for y in 0..<height { resample(line(y), into: out + y * size.width) }
      return
    }
    var narrow = [UInt8](repeating: 0, count: height * size.width)
    var sums = [Int32](repeating: 0, count: size.width)
    narrow.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for y in 0..<height { resample(line(y), into: base + y * size.width) }
      down.weights.withUnsafeBufferPointer { weights in
        guard let first = weights.baseAddress else { return }
        for y in 0..<size.height {
          ill_resample_column(
            base + Int(down.firsts[y]) * size.width, down.counts[y], first + y * down.taps,
            down.shift, Int32(size.width), &sums, out + y * size.width)
        }
      }
    }
  }

  private func resample(_ line: UnsafePointer<UInt8>, into out: UnsafeMutablePointer<UInt8>) {
    if across.from == across.to {
      out.update(from: line, count: across.to)
    } else {
      ill_resample_row(
        line, across.firsts, across.counts, across.weights, Int32(across.taps), across.shift,
        Int32(across.to), out)
    }
  }

  private static func axis(_ from: Int, _ to: Int) -> Axis {
    let scale = Double(from) / Double(to)
    // When shrinking, the filter is stretched so that every value of the source contributes.
    let stretch = max(scale, 1)
    var axis = Axis(from: from, to: to)
    axis.taps = Int((2 * stretch).rounded(.up)) * 2 + 1
    var exact = [Double](repeating: 0, count: to * axis.taps)
    for place in 0..<to {
      let center = (Double(place) + 0.5) * scale
      let first = max(0, Int(center - 2 * stretch + 0.5))
      let count = min(min(from, Int(center + 2 * stretch + 0.5)) - first, axis.taps)
      var sum = 0.0
      for tap in 0..<count {
        let weight = cubic((Double(first + tap) - center + 0.5) / stretch)
        exact[place * axis.taps + tap] = weight
        sum += weight
      }
      for tap in 0..<count { exact[place * axis.taps + tap] /= sum }
      axis.firsts.append(Int32(first))
      axis.counts.append(Int32(count))
    }
    // As many bits as possible with the largest weight still fitting into 16.
    let largest = exact.max() ?? 1
    while axis.shift < 22, (0.5 + largest * Double(1 << (axis.shift + 1))) < 32768 {
      axis.shift += 1
    }
    let one = Double(1 << axis.shift)
    axis.weights = exact.map { Int16(($0 * one).rounded()) }
    return axis
  }

  private static func cubic(_ distance: Double) -> Double {
    let x = abs(distance)
    if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
  }
}
