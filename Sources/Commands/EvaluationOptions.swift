import OptionArguments
import Options

/// The options for all questions of an evaluation, without those of merging, which its profiles vary.
enum EvaluationOptions: OptionSelection {
  static var options: [any QuestionOption] {
    let table = OptionTable.shared
    return [
      table.thinking, table.maxNewTokens, table.framesPerSecond, table.frames, table.maxPixels,
      table.mergeSeed, table.choices,
    ]
  }
}
