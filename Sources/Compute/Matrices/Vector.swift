import CKernels

/// Operations on contiguous f32 vectors.
public enum Vector {
  /// `Σ a[i] b[i]` over `count` elements.
  public static func dot(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int
  ) -> Float {
    var result: Float = 0
    illava_dot_rows(illava_f32, a, count, 1, b, count, &result)
    return result
  }

  /// `y += x` over `count` elements.
  public static func add(
    _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, count: Int
  ) {
    illava_add(y, x, count)
  }

  /// `y += factor · x` over `count` elements.
  public static func add(
    _ x: UnsafePointer<Float>, times factor: Float, to y: UnsafeMutablePointer<Float>, count: Int
  ) {
    illava_axpy(y, factor, x, count)
  }

  /// `y = (y + x) · factor` over `count` elements.
  public static func addAndScale(
    _ x: UnsafePointer<Float>, by factor: Float, to y: UnsafeMutablePointer<Float>, count: Int
  ) {
    illava_add_scale(y, x, factor, count)
  }
}
