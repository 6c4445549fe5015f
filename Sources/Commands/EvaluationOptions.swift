import OptionArguments
import Options

/// The options that hold for all questions of an evaluation; how tokens are merged is what it varies.
enum EvaluationOptions: OptionSelection {
  static var options: [any QuestionOption] {
    let table = OptionTable.shared
    return [
      table.maxNewTokens, table.framesPerSecond, table.frames, table.maxPixels, table.mergeSeed,
    ]
  }
}
