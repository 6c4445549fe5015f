/// An image file as RGB, upright and resized.
public struct DecodedImage: Sendable {
  /// The pixels, in every requested size.
  public var images: [RGBImage]
  /// Width before resizing, upright.
  public var sourceWidth: Int
  /// Height before resizing, upright.
  public var sourceHeight: Int
  /// The format's short name, such as `jpeg`.
  public var format: String
  /// When it was taken, by the file itself: RFC 3339, without a zone where the file states none.
  public var created: String?
  /// Problems of a file that could still be decoded; one sentence each.
  public var warnings: [String]

  /// The pixels in the first requested size.
  public var image: RGBImage { images.first ?? RGBImage(width: 0, height: 0, pixels: []) }
}
