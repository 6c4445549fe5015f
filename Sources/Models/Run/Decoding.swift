import Compute
import Diagnostics
import Merging

/// A prompt that has been read, and the answer generated after it.
public protocol Decoding: AnyObject {
  /// The logits that follow the last token, `[vocabulary]`.
  var logits: [Float] { get }
  /// A record of every merging layer of the language model.
  var steps: [MergeStep] { get }
  /// The visual tokens of each run that are left after the last merging layer, by their place in the
  /// unmerged run, ascending.
  var survivors: [[Int]] { get }
  /// Rows in each layer's cache after prefill.
  var cacheLengths: [Int] { get }

  /// Adds a token to the answer and computes the logits that follow it.
  ///
  /// - Throws: `compute.cache-full` when the caches have no room for another token.
  func advance(by token: Int32, threads: ThreadTeam) throws(Failure)
}
