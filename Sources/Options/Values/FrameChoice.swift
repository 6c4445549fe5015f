/// How the frames of a video that are looked at are chosen.
public enum FrameChoice: String, Sendable, Codable, CaseIterable {
  /// Evenly spread, as Hugging Face does.
  case uniform
  /// As many, but closer together where more changes from frame to frame.
  case change
}

extension FrameChoice: OptionValue {}
