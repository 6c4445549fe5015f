import CKernels
import COpenBLAS

/// The processor features in use, for reports and benchmarks.
public enum ProcessorInformation {
  /// The kernel path in use: `portable`, `avx2`, `avx512`, `avx512vnni` or `avx512bf16`; on arm64 `portable`,
  /// `neondot` or `neoni8mm`.
  public static var kernels: String { String(cString: illava_kernels_name()) }

  /// Switches the kernel path; returns `false` when the processor cannot run it. For tests.
  @discardableResult
  public static func selectKernels(_ name: String) -> Bool { illava_kernels_select(name) == 1 }

  /// The core type that OpenBLAS chose its code for.
  public static var openBLASCore: String { String(cString: openblas_get_corename()) }
}
