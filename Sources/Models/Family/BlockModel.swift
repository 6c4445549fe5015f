import Compute
import Diagnostics
import Merging

/// A model that consists of the shared image encoder and the shared language model, so that its family
/// has no forward pass of its own.
package protocol BlockModel: VisionLanguageModel {
  /// The image encoder.
  var vision: VisionEncoder { get }
  /// The language model.
  var text: TextModel { get }
}

extension BlockModel {
  /// Runs the image encoder over all segments of the question.
  ///
  /// - Throws: `outOfMemory`, or what the observer's check throws.
  public func encode(
    _ question: Question, merging: ResolvedMerging, threads: ThreadTeam, observer: ComputeObserver
  ) throws(Failure) -> EncodedQuestion {
    let prompt = try prompt(question)
    let (segments, steps) = try vision.encode(
      question, merging: merging, threads: threads, observer: observer)
    return EncodedQuestion(prompt: prompt, segments: segments, steps: steps)
  }

  /// Runs the prompt through the language model.
  ///
  /// - Throws: `outOfMemory`, or what the observer's check throws.
  public func read(
    _ encoded: EncodedQuestion, _ options: ReadingOptions, threads: ThreadTeam,
    observer: ComputeObserver
  ) throws(Failure) -> any Decoding {
    try text.read(encoded, options, threads: threads, observer: observer)
  }
}
