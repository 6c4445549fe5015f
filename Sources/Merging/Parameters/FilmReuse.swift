import Options

/// How much of a film's frames the image encoder computes again where little has changed.
///
/// A group is computed again when one of its patches differs from what was last computed. The patches
/// that are computed attend to the kept keys and values of all others (Eventful Transformers, arXiv
/// 2308.13494, gate tokens in the same way by their change).
public struct FilmReuse: Sendable, Equatable {
  /// The mean difference of a patch's pixels from which on it has changed, as a share of the distance
  /// from black to white, above the film's own noise. A patch has changed where it differs by more.
  public var threshold = FilmReuse.defaultThreshold
  /// Whether the film's noise is estimated and added to the threshold.
  public var measuresNoise = true
  /// Groups around a changed one that are computed again with it.
  public var margin = 1
  /// The changed area since the last whole frame, in frames, from which on a frame is computed whole.
  public var area = 2.0
  /// The most pairs of frames from one whole frame to the next; 0 for no limit.
  public var refresh = 0
  /// What becomes of tokens that stand still.
  public var tokens = StaticTokens.keep

  /// 0.025 is 6 of 255 levels.
  public static let defaultThreshold = 0.025
  /// The most noise that is added to the threshold. More than that is movement.
  public static let mostNoise = 0.03
  /// From this share of changed groups on a frame is computed whole: less would not be worth while.
  public static let mostChanged = 0.6

  /// The defaults.
  public init() {}
}
