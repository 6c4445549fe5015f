import Compute
import Diagnostics
import Merging
import Options

/// A model that consists of the shared image encoder and the shared language model, so that its family
/// has no forward pass of its own.
package protocol BlockModel: VisionLanguageModel {
  /// The image encoder.
  var vision: VisionEncoder { get }
  /// The language model.
  var text: TextModel { get }

  /// The question with its images and videos in the order of the family's prompt.
  func arranged(_ question: Question) -> Question

  /// Turns the visual tokens of the image encoder into those of the prompt's runs: the step between the
  /// two parts of the model, for families whose prompts have other tokens than the image encoder gives.
  ///
  /// - Parameters:
  ///   - segments: the image encoder's output for every segment of the prompt.
  ///   - prompt: the prompt, whose runs say how they are packed.
  /// - Returns: one result per run; none where the tokens of the runs are those of their segments.
  /// - Throws: `outOfMemory`.
  func pack(_ segments: [EncodedSegment], for prompt: Prompt) throws(Failure) -> [PackedRun]
}

extension BlockModel {
  /// The question as it is.
  package func arranged(_ question: Question) -> Question { question }

  /// Nothing: the tokens of the prompt are those of the image encoder.
  package func pack(
    _ segments: [EncodedSegment], for prompt: Prompt
  ) throws(Failure) -> [PackedRun] { [] }

  /// Runs the image encoder over all segments of the question.
  ///
  /// - Throws: `outOfMemory`, or what the observer's check throws.
  public func encode(
    _ question: Question, merging: ResolvedMerging, threads: ThreadTeam, observer: ComputeObserver
  ) throws(Failure) -> EncodedQuestion {
    let prompt = try prompt(question)
    var merging = merging
    // Tokens that are resampled are made of all tokens of a frame.
    if prompt.runs.contains(where: { $0.packing != nil }) { merging.films?.tokens = .keep }
    let (segments, steps) = try vision.encode(
      arranged(question), merging: merging, threads: threads, observer: observer)
    let packed = try pack(segments, for: prompt)
    return EncodedQuestion(prompt: prompt, segments: segments, packed: packed, steps: steps)
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
