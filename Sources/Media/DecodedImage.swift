/// A picture file as RGB, upright and resized.
public struct DecodedImage: Sendable {
  /// The pixels.
  public var image: RGBImage
  /// Width before resizing, upright.
  public var sourceWidth: Int
  /// Height before resizing, upright.
  public var sourceHeight: Int
  /// The format's short name, such as `jpeg`.
  public var format: String
  /// What is wrong with the file although it could be decoded; one sentence each.
  public var warnings: [String]
}
