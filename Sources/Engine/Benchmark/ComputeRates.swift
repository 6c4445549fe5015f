import Compute
import Diagnostics

/// How fast this machine computes, measured in some tenths of a second on the kernels that the
/// model's products run on.
public struct ComputeRates: Sendable, Equatable {
  /// GFLOP/s of a product over many rows, as in the image encoder and for the prompt.
  public let gigaflops: Double
  /// GB/s of weights read by a product over one row, as for every generated token.
  public let gigabytes: Double

  /// Rates that are known.
  public init(gigaflops: Double, gigabytes: Double) {
    self.gigaflops = gigaflops
    self.gigabytes = gigabytes
  }

  /// Measures now, the fastest of three runs each: bf16 weights of 8 MiB for 256 rows, and 64 MiB for
  /// one row, more than caches hold.
  ///
  /// - Throws: `compute.no-memory`.
  public static func measured(threads: ThreadTeam) throws(Failure) -> ComputeRates {
    let many = try ProductBenchmark.linear(
      rows: 256, inputs: 1024, outputs: 4096, repetitions: 3, threads: threads)
    // Two operations for each weight of two bytes: the two rates are the same number.
    let one = try ProductBenchmark.linear(
      rows: 1, inputs: 2048, outputs: 16_384, repetitions: 3, threads: threads)
    threads.releaseScratch()
    return ComputeRates(gigaflops: many, gigabytes: one)
  }
}
