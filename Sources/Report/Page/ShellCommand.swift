import Engine
import Media
import Merging

/// The `illava run` command that asks the same question again.
public struct ShellCommand: Sendable, Equatable {
  /// The words, unquoted; the first is the program.
  public let words: [String]

  /// The command for a request.
  ///
  /// Only what differs from the defaults is written out.
  ///
  /// - Parameters:
  ///   - sources: what was looked at: says which media are pictures and which are videos where the
  ///     request left that open.
  public init(_ request: Request, model: AnswerDocument.Model, sources: [Source] = []) {
    var words = ["illava", "run"] + Self.option("--model", model.path)
    for (index, item) in request.media.enumerated() {
      let kind = item.kind ?? (sources.indices.contains(index) ? sources[index].kind : .image)
      words += Self.option(kind == .image ? "--image" : "--video", item.path)
    }
    words += Self.option("--prompt", request.prompt)
    if let system = request.system { words += Self.option("--system", system) }
    words += Self.merging(request.merging)
    if let rate = request.framesPerSecond { words += ["--fps", Self.number(rate)] }
    if let frames = request.frames { words += ["--frames", String(frames)] }
    if let pixels = request.maxPixels { words += ["--max-pixels", String(pixels)] }
    if request.limits.maxPixels != MediaLimits().maxPixels {
      words += ["--max-source-pixels", String(request.limits.maxPixels)]
    }
    if request.maxNewTokens != Request(prompt: "").maxNewTokens {
      words += ["--max-new-tokens", String(request.maxNewTokens)]
    }
    if !request.stops { words.append("--ignore-stop-tokens") }
    words += Self.sampling(request.sampling)
    words += ["--weights", model.weights]
    self.words = words
  }

  /// An option and a text; one that starts with a hyphen would be read as an option of its own.
  private static func option(_ name: String, _ text: String) -> [String] {
    text.utf8.first == UInt8(ascii: "-") ? ["\(name)=\(text)"] : [name, text]
  }

  private static func merging(_ asked: MergeParameters) -> [String] {
    let plain = MergeParameters(profile: asked.profile)
    var words: [String] = []
    func add(_ option: String, _ value: String, unless isDefault: Bool) {
      if !isDefault { words += [option, value] }
    }
    add("--profile", asked.profile.rawValue, unless: asked.profile == .standard)
    if plain.visionEnabled, !asked.visionEnabled { words.append("--no-illava-vit") }
    if plain.textEnabled, !asked.textEnabled { words.append("--no-illava-llm") }
    if let layers = asked.visionLayers { words += ["--illava-vit-k", layers.text] }
    if let layers = asked.textLayers { words += ["--illava-llm-k", layers.text] }
    add(
      "--illava-vit-r", number(asked.visionRetention.value),
      unless: asked.visionRetention == plain.visionRetention)
    add(
      "--illava-vit-mode", String(asked.visionMode.rawValue),
      unless: asked.visionMode == plain.visionMode)
    if let choice = asked.visionChoice { words += ["--illava-vit-score", choice.rawValue] }
    if let choice = asked.textChoice { words += ["--illava-llm-score", choice.rawValue] }
    if let least = asked.visionMinTokens { words += ["--illava-vit-min", String(least)] }
    add("--merge-seed", String(asked.seed), unless: asked.seed == plain.seed)
    add(
      "--illava-llm-r", number(asked.textRetention.value),
      unless: asked.textRetention == plain.textRetention)
    add(
      "--illava-llm-mode", String(asked.textMode.rawValue), unless: asked.textMode == plain.textMode
    )
    return words
  }

  private static func sampling(_ options: Sampler.Options) -> [String] {
    let plain = Sampler.Options()
    var words: [String] = []
    if options.temperature != plain.temperature {
      words += ["--temperature", "\(options.temperature)"]
    }
    if options.topP != plain.topP { words += ["--top-p", "\(options.topP)"] }
    if options.topK != plain.topK { words += ["--top-k", "\(options.topK)"] }
    if options.repetitionPenalty != plain.repetitionPenalty {
      words += ["--repetition-penalty", "\(options.repetitionPenalty)"]
    }
    if options.seed != plain.seed { words += ["--seed", "\(options.seed)"] }
    return words
  }

  /// Whole numbers without a fraction: the parser takes `2` for rates, and rows removed are whole.
  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
  }

  /// The command as a POSIX shell reads it.
  public var text: String { words.map(Self.quoted).joined(separator: " ") }

  /// A word in single quotes unless it is made of harmless characters only.
  static func quoted(_ word: String) -> String {
    let harmless = word.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "/", ".", "_", "-", ":", "=", ",", "+", "@", "%": true
      default: false
      }
    }
    if harmless, !word.isEmpty { return word }
    var quoted = "'"
    for scalar in word.unicodeScalars {
      // Inside single quotes only the quote itself means anything.
      if scalar == "'" { quoted += "'\\''" } else { quoted.unicodeScalars.append(scalar) }
    }
    return quoted + "'"
  }
}
