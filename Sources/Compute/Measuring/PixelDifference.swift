import CKernels

/// How much two blocks of pixels differ.
public enum PixelDifference {
  /// The sum of `|a − b|` over `lines` runs of `count` bytes whose starts are `stride` bytes apart.
  ///
  /// - Parameters:
  ///   - a: bytes of one image.
  ///   - b: bytes of another of the same size.
  ///   - start: the first byte of the block in both.
  /// - Returns: 0 where the block does not lie within both.
  public static func sum(
    _ a: [UInt8], _ b: [UInt8], start: Int, count: Int, lines: Int, stride: Int
  ) -> Int {
    let end = start + max(0, lines - 1) * stride + count
    guard start >= 0, count >= 0, lines > 0, stride >= 0, end <= a.count, end <= b.count else {
      return 0
    }
    return a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        guard let a = a.baseAddress, let b = b.baseAddress else { return 0 }
        return Int(
          clamping: illava_difference(a + start, b + start, count, lines, stride))
      }
    }
  }
}
