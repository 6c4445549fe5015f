import Options

/// What may be chosen about the form of a prompt, for the families that have a choice.
public struct PromptChoices: Sendable, Equatable {
  /// Whether the model thinks before it answers.
  public var thinking = ThinkingChoice.auto
  /// The markers around a video.
  public var videoMarkers = VideoMarkers.inner

  /// Choices from their parts.
  public init(thinking: ThinkingChoice = .auto, videoMarkers: VideoMarkers = .inner) {
    self.thinking = thinking
    self.videoMarkers = videoMarkers
  }
}
