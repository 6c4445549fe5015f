import COpenBLAS

/// The matrix product of linear layers over f32 and 16-bit weights, on the calling thread.
///
/// The team divides the work itself, so OpenBLAS uses one thread per call: a second thread pool would
/// compete with the team for the cores.
enum OpenBLAS {
  private static let singleThreaded: Void = openblas_set_num_threads(1)

  /// `c = a bᵀ` (or `c += a bᵀ`): `a` is `[m, k]`, `b` is `[n, k]` with rows `stride` apart, `c` is
  /// `[m, n]`.
  static func multiplyTransposed(
    _ a: MatrixView, _ b: UnsafePointer<Float>, stride: Int, to c: MatrixView,
    accumulate: Bool = false
  ) {
    _ = singleThreaded
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans,
      blasint(a.rows), blasint(c.columns), blasint(a.columns),
      1, a.base, blasint(a.stride), b, blasint(stride),
      accumulate ? 1 : 0, c.base, blasint(c.stride))
  }
}
