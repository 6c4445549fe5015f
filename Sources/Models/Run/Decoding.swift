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

  /// Tokens of the prompt that had been read for an earlier prompt.
  var sharedTokens: Int { get }

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

  /// Reads another prompt without what it has in common with this one and its answer, at least all visual
  /// tokens. This answer cannot be continued afterwards.
  ///
  /// The visual tokens must be the same, and what the language model keeps of them must not depend on the
  /// question.
  ///
  /// - Parameters:
  ///   - prompt: the other prompt.
  ///   - room: tokens that may be generated after it.
  /// - Returns: the decoding that follows the prompt; `nil` where the prompt begins differently, or where
  ///   a layer has a state that cannot go back so far. Then nothing has changed.
  /// - Throws: `compute.no-memory`, or what the observer's check throws; then nothing is left of it.
  func read(
    _ prompt: Prompt, room: Int, threads: ThreadTeam, observer: ComputeObserver
  ) throws(Failure) -> (any Decoding)?
}
