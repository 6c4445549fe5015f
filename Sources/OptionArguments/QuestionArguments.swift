import ArgumentParser
import Diagnostics
import Options

/// The options of a question as arguments of a command, in sections. The program's own options about
/// memory include those of the question.
public struct QuestionArguments: ParsableArguments {
  @OptionGroup var question: OptionArguments<OptionSections.Question>
  @OptionGroup(title: "Merging") var merging: OptionArguments<OptionSections.Merging>
  @OptionGroup var media: OptionArguments<OptionSections.Media>
  @OptionGroup(title: "Choosing tokens") var sampling: OptionArguments<OptionSections.Sampling>

  /// No options given.
  public init() {}

  /// The chosen options.
  ///
  /// - Throws: `usage` for an invalid value, and for options that cannot be combined.
  public func chosen() throws(Failure) -> QuestionOptions {
    try question.chosen().filled(from: merging.chosen()).filled(from: media.chosen())
      .filled(from: sampling.chosen())
  }
}
