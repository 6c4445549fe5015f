import Diagnostics
import MemoryPlanner
import Merging
import Models
import Options

extension Request {
  /// A question with the options that were chosen for it.
  ///
  /// - Throws: `usage` for a value that an option cannot have.
  public init(prompt: String, options: QuestionOptions) throws(Failure) {
    self.init(prompt: prompt)
    merging = try MergeParameters(options)
    system = try options.value(\.system)
    choices.thinking = try options.value(\.thinking) ?? choices.thinking
    choices.videoMarkers = try options.value(\.videoMarkers) ?? choices.videoMarkers
    maxNewTokens = try options.value(\.maxNewTokens) ?? maxNewTokens
    form = try AnswerForm(options)
    choiceCalibration = try options.value(\.choiceCalibration)
    topLogprobs = try options.value(\.topLogprobs) ?? topLogprobs
    framesPerSecond = try options.value(\.framesPerSecond)
    frames = try options.value(\.frames)
    frameChoice = try options.value(\.frameChoice) ?? frameChoice
    maxPixels = try options.value(\.maxPixels)
    background = try options.value(\.background) ?? background
    pages = try options.value(\.pages) ?? pages
    if let temperature = try options.value(\.temperature) {
      sampling.temperature = Float(temperature)
    }
    if let topP = try options.value(\.topP) { sampling.topP = Float(topP) }
    sampling.topK = try options.value(\.topK) ?? sampling.topK
    if let penalty = try options.value(\.repetitionPenalty) {
      sampling.repetitionPenalty = Float(penalty)
    }
    if let seed = try options.value(\.seed) { sampling.seed = UInt64(clamping: seed) }
    memory.floors = (try options.value(\.floor) ?? .any).floors
  }

  /// The options that ask for this question, including those that equal the defaults.
  public var options: QuestionOptions {
    var options = merging.options
    options.system = system
    options.thinking = choices.thinking
    options.videoMarkers = choices.videoMarkers
    options.maxNewTokens = maxNewTokens
    switch form {
    case .free: break
    case .choices(let choices): options.choices = choices
    case .schema(let schema): options.jsonSchema = schema
    case .regex(let expression): options.regex = expression
    }
    options.choiceCalibration = choiceCalibration
    options.topLogprobs = topLogprobs
    options.framesPerSecond = framesPerSecond
    options.frames = frames
    options.frameChoice = frameChoice
    options.maxPixels = maxPixels
    options.background = background
    options.pages = pages
    options.temperature = Self.decimal(sampling.temperature)
    options.topP = Self.decimal(sampling.topP)
    options.topK = sampling.topK
    options.repetitionPenalty = Self.decimal(sampling.repetitionPenalty)
    options.seed = Int(clamping: sampling.seed)
    options.floor = TaskFloor.allCases.first { $0.floors == memory.floors }
    return options
  }

  /// The options that differ from the defaults; where the profile has defaults of its own, from those.
  public var chosenOptions: QuestionOptions {
    var standard = Request(prompt: "")
    let profile = standard.merging.profile
    standard.merging = MergeParameters(profile: merging.profile)
    // Any number of the reuse asks for it, and for the defaults of the others.
    let asksForReuse = merging.reusesStatic == true
    if asksForReuse { standard.merging.reusesStatic = true }
    var defaults = standard.options
    defaults.profile = profile
    var chosen = QuestionOptions()
    for (option, value) in options.chosen where defaults[option] != value {
      chosen[option] = value
    }
    if asksForReuse, merging.films == FilmReuse() { chosen.staticEnabled = true }
    return chosen
  }

  /// The number with the fewest digits that reads back as `value`: 0.7, not 0.69999998.
  private static func decimal(_ value: Float) -> Double { Double("\(value)") ?? Double(value) }
}
