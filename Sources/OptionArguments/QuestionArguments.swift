import ArgumentParser
import Diagnostics
import Options

/// The options of a question as arguments of a command, in sections. The program's own options about
/// memory include those of the question.
public struct QuestionArguments: ParsableArguments {
  @OptionGroup var question: OptionArguments<OptionSections.Question>
  @OptionGroup(title: "Form of the answer") var answer: OptionArguments<OptionSections.Answer>
  @OptionGroup(title: "Merging") var merging: OptionArguments<OptionSections.Merging>
  @OptionGroup var media: OptionArguments<OptionSections.Media>
  @OptionGroup(title: "Choosing tokens") var sampling: OptionArguments<OptionSections.Sampling>

  /// No options given.
  public init() {}

  /// The chosen options.
  ///
  /// - Throws: `usage` for an invalid value, and for options that cannot be combined; `missingInput`
  ///   for a schema whose file cannot be read.
  public func chosen() throws(Failure) -> QuestionOptions {
    var answer = try answer.chosen()
    answer.jsonSchema = try answer.jsonSchema.map { text throws(Failure) in
      try SchemaFile.schema(text)
    }
    return try question.chosen().filled(from: answer).filled(from: merging.chosen())
      .filled(from: media.chosen()).filled(from: sampling.chosen())
  }
}
