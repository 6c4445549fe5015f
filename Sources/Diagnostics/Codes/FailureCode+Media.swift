// Codes about images and videos.
extension FailureCode {
  /// The color behind transparent parts is none.
  public static let mediaBackground = FailureCode(rawValue: "media.background")
  /// The number of frames or the frame rate to sample a video at is out of range.
  public static let mediaBadSampling = FailureCode(rawValue: "media.bad-sampling")
  /// An image cannot be resized to the size that was asked for.
  public static let mediaBadTarget = FailureCode(rawValue: "media.bad-target")
  /// The file has no bytes.
  public static let mediaEmpty = FailureCode(rawValue: "media.empty")
  /// An image or a video cannot be written.
  public static let mediaEncode = FailureCode(rawValue: "media.encode")
  /// The video is encrypted.
  public static let mediaEncrypted = FailureCode(rawValue: "media.encrypted")
  /// The folder of images cannot be read or holds none.
  public static let mediaFolder = FailureCode(rawValue: "media.folder")
  /// A video was given where an image belongs.
  public static let mediaIsVideo = FailureCode(rawValue: "media.is-video")
  /// The file does not exist.
  public static let mediaMissing = FailureCode(rawValue: "media.missing")
  /// The installed FFmpeg has no encoder for what is to be written.
  public static let mediaNoEncoder = FailureCode(rawValue: "media.no-encoder")
  /// There is no memory to read the file.
  public static let mediaNoMemory = FailureCode(rawValue: "media.no-memory")
  /// The file has no video stream.
  public static let mediaNoVideo = FailureCode(rawValue: "media.no-video")
  /// The path does not name a regular file.
  public static let mediaNotAFile = FailureCode(rawValue: "media.not-a-file")
  /// There is no memory for decoding or scaling.
  public static let mediaOutOfMemory = FailureCode(rawValue: "media.out-of-memory")
  /// The image is too long and narrow for the model.
  public static let mediaProportions = FailureCode(rawValue: "media.proportions")
  /// A number of frames and a frame rate were given at once.
  public static let mediaSampling = FailureCode(rawValue: "media.sampling")
  /// The sides of the image are not multiples of the side of a group of patches.
  public static let mediaSize = FailureCode(rawValue: "media.size")
  /// The image or video has more pixels, frames, bytes or scans than are allowed.
  public static let mediaTooLarge = FailureCode(rawValue: "media.too-large")
  /// The file is damaged and cannot be decoded.
  public static let mediaUndecodable = FailureCode(rawValue: "media.undecodable")
  /// The file cannot be opened or read to its end.
  public static let mediaUnreadable = FailureCode(rawValue: "media.unreadable")
  /// The installed FFmpeg has no decoder for the codec of the file.
  public static let mediaUnsupportedCodec = FailureCode(rawValue: "media.unsupported-codec")
  /// The file is not of a format that can be read.
  public static let mediaUnsupportedFormat = FailureCode(rawValue: "media.unsupported-format")
  /// The pixels are of a format that cannot be converted.
  public static let mediaUnsupportedPixels = FailureCode(rawValue: "media.unsupported-pixels")

  /// All codes of this area.
  static let mediaCodes: [FailureCode] = [
    .mediaBackground, .mediaBadSampling, .mediaBadTarget, .mediaEmpty,
    .mediaEncode,
    .mediaEncrypted, .mediaFolder, .mediaIsVideo, .mediaMissing, .mediaNoEncoder, .mediaNoMemory,
    .mediaNoVideo, .mediaNotAFile, .mediaOutOfMemory, .mediaProportions, .mediaSampling, .mediaSize,
    .mediaTooLarge, .mediaUndecodable, .mediaUnreadable, .mediaUnsupportedCodec,
    .mediaUnsupportedFormat, .mediaUnsupportedPixels,
  ]
}
