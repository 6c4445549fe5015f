/// All options of a question, in the order of the documentation.
///
/// A new option is one more property here. The command line, job files, configuration files, evaluation
/// variants, answers and the repeat command take it from this table.
public struct OptionTable: Sendable {
  private static let seeds = OptionKind.integer(0...(.max))
  private static let retentions = OptionKind.number(0.001...1_000_000)

  /// Instructions before the question.
  public let system = OptionKey<String>(
    "system", .question, .text, "Instructions that come before the question.")
  /// The most tokens that are generated.
  public let maxNewTokens = OptionKey<Int>(
    "max_new_tokens", .question, .integer(0...(1 << 20)), standard: "256",
    "The most tokens that are generated.")

  /// Whether the model thinks before it answers.
  public let thinking = OptionKey<ThinkingChoice>(
    "thinking", .question, standard: "auto",
    "Whether the model thinks before it answers, for models that can: auto, on or off.",
    discussion: """
      auto does what the model's chat template does by itself. Thoughts are kept apart from the \
      answer; they count as new tokens.
      """)

  /// The texts of which the answer is one.
  public let choices = OptionKey<[String]>(
    "choices", .answer, .texts, valueName: "text", argumentName: "choice",
    "A text that the answer may be; given several times. The likeliest is taken.",
    excludes: .options(["json_schema", "regex"]))
  /// The calibration of the probabilities of choices.
  public let choiceCalibration = OptionKey<ChoiceCalibration>(
    "choice_calibration", .answer, .text, valueName: "A:B",
    "Two numbers that make the confidence in choices true; illava eval --calibrate finds them.")
  /// The JSON Schema of the answer.
  public let jsonSchema = OptionKey<String>(
    "json_schema", .answer, .text, valueName: "file or JSON",
    "The answer is JSON that is valid by this schema.", excludes: .options(["regex"]))
  /// The regular expression of the answer.
  public let regex = OptionKey<String>(
    "regex", .answer, .text, valueName: "expression",
    "The answer as a whole fits this regular expression.")
  /// How many of the likeliest tokens are told at every place.
  public let topLogprobs = OptionKey<Int>(
    "top_logprobs", .answer, .integer(0...20), standard: "0", valueName: "n",
    argumentName: "logprobs",
    "Tell the probability of every token, and of so many others at its place.")

  /// The profile of merging.
  public let profile = OptionKey<MergeProfile>(
    "profile", .merging, standard: MergeProfile.standard.rawValue,
    "How tokens are merged: tuned, exact (the paper), published (its code) or off.")
  /// Whether the ViT merges.
  public let visionEnabled = OptionKey<Bool>(
    "enable_illava_vit", .merging, .flag, "No merging inside the ViT.")
  /// The ViT's merging layers.
  public let visionLayers = OptionKey<LayerList>(
    "illava_vit_k", .merging, .text, standard: "the profile's",
    "ViT layers that merge, such as 5-6-7-8.")
  /// The share that each merging layer of the ViT keeps, or the number of groups it removes.
  public let visionRetention = OptionKey<Retention>(
    "illava_vit_r", .merging, retentions, standard: "the profile's",
    "The share each of them keeps; 1 and more: rows removed.")
  /// What happens to the groups that are not kept.
  public let visionMode = OptionKey<MergeMode>(
    "illava_vit_mode", .merging, .integer(1...4), standard: "the profile's",
    "1 drop, 2 shift-merge, 3 recycle, 4 absorb.")
  /// How groups are chosen in the ViT.
  public let visionScore = OptionKey<VisionChoice>(
    "illava_vit_score", .merging, standard: "the profile's; attention in exact",
    "How groups are chosen in the ViT.",
    discussion: "bipartite averages what it merges; with mode 1 it drops it.")
  /// The least number of visual tokens that the ViT leaves of a question.
  public let visionMinTokens = OptionKey<Int>(
    "illava_vit_min", .merging, .integer(0...1_000_000_000), standard: "the profile's",
    valueName: "tokens", "The ViT leaves at least so many visual tokens of a question.")
  /// Whether the LLM merges.
  public let textEnabled = OptionKey<Bool>(
    "enable_illava_llm", .merging, .flag, "No merging inside the LLM.")
  /// The LLM's merging layers.
  public let textLayers = OptionKey<LayerList>(
    "illava_llm_k", .merging, .text, standard: "the profile's",
    "LLM layers that merge, such as 19-21-23-25.")
  /// The share that each merging layer of the LLM keeps, or the number of tokens it removes.
  public let textRetention = OptionKey<Retention>(
    "illava_llm_r", .merging, retentions, standard: "the profile's",
    "The share each of them keeps; 1 and more: rows removed.")
  /// What happens to the tokens that are not kept.
  public let textMode = OptionKey<MergeMode>(
    "illava_llm_mode", .merging, .integer(1...4), standard: "the profile's",
    "1 drop, 2 shift-merge, 3 recycle, 4 absorb.")
  /// How tokens are chosen in the LLM.
  public let textScore = OptionKey<TextChoice>(
    "illava_llm_score", .merging, standard: "the profile's; attention in exact",
    "How tokens are chosen in the LLM.")
  /// The seed of random choices.
  public let mergeSeed = OptionKey<Int>(
    "merge_seed", .merging, seeds, standard: "0",
    "The seed of the score random.")
  /// Whether what stands still in a film is computed only once.
  public let staticEnabled = OptionKey<Bool>(
    "enable_static", .merging, .flag, "Compute every frame of a film whole.")
  /// The difference from which on a patch of a film has changed.
  public let staticThreshold = OptionKey<Double>(
    "static_threshold", .merging, .number(0...1), standard: "0.025 and the film's noise",
    valueName: "share",
    "A patch of a film has changed where it differs by more, 1 being black to white.")
  /// Groups around a change that are computed again with it.
  public let staticMargin = OptionKey<Int>(
    "static_margin", .merging, .integer(0...64), standard: "1", valueName: "groups",
    "So many groups around a change in a film are computed again, too.")
  /// The changed area after which a frame is computed whole.
  public let staticArea = OptionKey<Double>(
    "static_area", .merging, .number(0...100_000), standard: "2", valueName: "frames",
    "A frame is computed whole once so many frames' area has changed since the last one.")
  /// The number of pairs of frames after which one is computed whole.
  public let staticRefresh = OptionKey<Int>(
    "static_refresh", .merging, .integer(0...100_000), standard: "0", valueName: "pairs",
    "A frame is computed whole every so many pairs of frames; 0 for no such limit.")
  /// What becomes of tokens that stand still.
  public let staticTokens = OptionKey<StaticTokens>(
    "static_tokens", .merging, standard: "keep",
    "What becomes of tokens of a film that stand still: keep, absorb or drop.",
    discussion: """
      keep has them in the prompt for every pair of frames. absorb has them once, and attention \
      counts them as often as they were seen. drop has them once.
      """)
  /// FastV, instead of all other options of merging.
  public let fastV = OptionKey<FastV>(
    "fastv", .merging, .text, valueName: "K:R",
    "FastV instead: drop the share R of visual tokens before LLM layer K.", excludes: .topic)

  /// Frames per second of video that are looked at.
  public let framesPerSecond = OptionKey<Double>(
    "fps", .media, .number(0.001...1000), standard: "the model's own rate, 2",
    "Frames looked at per second of video.")
  /// An exact number of frames of a video.
  public let frames = OptionKey<Int>(
    "frames", .media, .integer(1...100_000),
    "An exact number of frames of a video, instead of a rate.", excludes: .options(["fps"]))
  /// How the frames of a video are chosen.
  public let frameChoice = OptionKey<FrameChoice>(
    "sampling", .media, standard: "uniform",
    "Frames evenly spread over a video (uniform), or as many where more changes (change).")
  /// The most pixels of an image or a frame as it is shown.
  public let maxPixels = OptionKey<Int>(
    "max_pixels", .media, .integer(1...1_000_000_000),
    "The most pixels a picture or frame is shown with.")
  /// The markers around a video.
  public let videoMarkers = OptionKey<VideoMarkers>(
    "video_markers", .media, standard: "inner",
    "Markers around a video in the prompt: inner, or outer too (Qwen3.5).")
  /// The color behind transparent parts.
  public let background = OptionKey<BackgroundColor>(
    "background", .media, .text, standard: "white", valueName: "color",
    "What is behind transparent parts: white, black, gray or #rrggbb.")
  /// The most pages of a document.
  public let pages = OptionKey<Int>(
    "pages", .media, .integer(1...1000), standard: "8",
    "The most pages that are looked at of a document (TIFF, PDF).")

  /// The temperature; 0 takes the likeliest token.
  public let temperature = OptionKey<Double>(
    "temperature", .sampling, .number(0...100), standard: "0",
    "0 always takes the likeliest token; higher values vary more.")
  /// The total probability of the tokens to choose from.
  public let topP = OptionKey<Double>(
    "top_p", .sampling, .number(0.000_001...1), standard: "1",
    "Draw from the likeliest tokens that together have this probability.")
  /// The number of tokens to choose from.
  public let topK = OptionKey<Int>(
    "top_k", .sampling, .integer(0...1_000_000), standard: "0",
    "Draw from this many tokens; 0 for all.")
  /// The repetition penalty; values above 1 make repetition less likely.
  public let repetitionPenalty = OptionKey<Double>(
    "repetition_penalty", .sampling, .number(0.01...100), standard: "1",
    "More than 1 makes repeating a word less likely.")
  /// The seed of the random numbers.
  public let seed = OptionKey<Int>(
    "seed", .sampling, seeds, standard: "0", "The seed of the random numbers.")

  /// How far the question may be reduced to fit into memory.
  public let floor = OptionKey<TaskFloor>(
    "floor", .memory, standard: "any",
    "How far the question may be cut down to fit: any, scene or text.",
    discussion: """
      text is for documents, signs and counting: at least 0.7 of the visual tokens are kept and \
      0.8 of the pixels, and merging that was asked to keep less keeps as much. scene keeps \
      at least 0.25 of the tokens and half of the pixels.
      """)

  /// The table.
  public static let shared = OptionTable()

  /// All options.
  public static let all: [any QuestionOption] = Mirror(reflecting: shared).children.compactMap {
    $0.value as? any QuestionOption
  }

  /// The options of a topic.
  public static func options(of topic: OptionTopic) -> [any QuestionOption] {
    all.filter { $0.topic == topic }
  }

  /// The option of a name, if there is one.
  public static func option(_ name: String) -> (any QuestionOption)? {
    all.first { $0.name == name }
  }
}
