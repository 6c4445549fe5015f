/// The size that an image is brought to, and how.
public struct ImageTarget: Sendable, Equatable {
  /// The size of the result.
  public var size: PixelSize
  /// How the image is brought to it.
  public var fitting: ImageFitting

  /// A target from its parts.
  public init(_ size: PixelSize, _ fitting: ImageFitting = .stretched) {
    self.size = size
    self.fitting = fitting
  }
}
