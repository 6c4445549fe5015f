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

  /// Adds tokens to the answer, which are read in one go, and computes the logits that follow the last.
  ///
  /// - Throws: `compute.cache-full` when the caches have no room for them, `compute.no-memory`.
  func advance(by tokens: [Int32], threads: ThreadTeam) throws(Failure)

  /// The place after the tokens so far, to go back to.
  ///
  /// - Throws: `compute.no-memory`.
  func place() throws(Failure) -> DecodingPlace

  /// Goes back to a place of this answer, or to one of the tokens after it. The logits are not those at
  /// that place until another token is added.
  ///
  /// - Parameter count: the tokens after the place that are to stay.
  /// - Returns: the tokens that stay: `count`, or none where a layer has no keys and values to be cut.
  func goBack(to place: DecodingPlace, keeping count: Int) -> Int
}
