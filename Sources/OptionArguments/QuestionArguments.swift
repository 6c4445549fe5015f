import ArgumentParser
import Diagnostics
import Options

/// The options of a question as arguments of a command, in sections; what is about memory goes with the
/// options of the program about it.
public struct QuestionArguments: ParsableArguments {
  @OptionGroup var question: OptionArguments<OptionSections.Question>
  @OptionGroup(title: "Merging") var merging: OptionArguments<OptionSections.Merging>
  @OptionGroup var media: OptionArguments<OptionSections.Media>
  @OptionGroup(title: "Choosing tokens") var sampling: OptionArguments<OptionSections.Sampling>

  /// Nothing was given.
  public init() {}

  /// What was chosen.
  ///
  /// - Throws: `usage` for a value that an option cannot have, and for options that exclude each other.
  public func chosen() throws(Failure) -> QuestionOptions {
    try question.chosen().filled(from: merging.chosen()).filled(from: media.chosen())
      .filled(from: sampling.chosen())
  }
}
