import Diagnostics
import Options

/// How files are read: their limits, what is behind transparent parts, and who hears of progress.
public struct MediaReading {
  /// Limits on files; what exceeds them is refused before it is decoded.
  public var limits: MediaLimits
  /// The color behind transparent parts.
  public var background: BackgroundColor
  /// The most threads of a video's decoder.
  public var threads = 2
  /// Told the share of a file that has been read, from 0 to 1, at least each second of decoding; an error
  /// that it throws ends the reading.
  public var progress: (_ share: Double) throws(Failure) -> Void = { _ in }

  /// Reading with these limits, on this background.
  public init(limits: MediaLimits = MediaLimits(), background: BackgroundColor = .white) {
    self.limits = limits
    self.background = background
  }
}
