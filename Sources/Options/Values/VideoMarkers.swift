/// The markers around a video in a prompt.
public enum VideoMarkers: String, Sendable, Codable, CaseIterable {
  /// Around the tokens of each pair of frames.
  case inner
  /// Also around all of them (Transformers from version 5.10 on).
  case outer
}

extension VideoMarkers: OptionValue {}
