import Compute
import Diagnostics

/// How fast this machine computes, measured within some tenths of a second with the kernels of the
/// model's matrix products.
public struct ComputeRates: Sendable, Equatable {
  /// GFLOP/s of a product over many rows, as in the image encoder and in prefill.
  public let gigaflops: Double
  /// GB/s of weights that a product over one row reads, as in decode.
  public let gigabytes: Double

  /// Rates that are already known.
  public init(gigaflops: Double, gigabytes: Double) {
    self.gigaflops = gigaflops
    self.gigabytes = gigabytes
  }

  /// Measures now and takes the fastest of three runs each: bf16 weights of 8 MiB for 256 rows; and 64
  /// MiB, more than caches hold, for one row.
  ///
  /// - Throws: `compute.no-memory`.
  public static func measured(threads: ThreadTeam) throws(Failure) -> ComputeRates {
    let many = try ProductBenchmark.linear(
      rows: 256, inputs: 1024, outputs: 4096, repetitions: 3, threads: threads)
    // Each weight has two bytes and takes two operations, so GFLOP/s and GB/s are the same number.
    let one = try ProductBenchmark.linear(
      rows: 1, inputs: 2048, outputs: 16_384, repetitions: 3, threads: threads)
    threads.releaseScratch()
    return ComputeRates(gigaflops: many, gigabytes: one)
  }
}
