import CFFmpeg
import Diagnostics

/// Image files, and documents whose pages are images.
public struct ImageFile {
  /// Decodes an image, turns it upright as its metadata say, and resizes it to the size that `target`
  /// returns for its upright height and width.
  ///
  /// Only the first frame of an animation is used.
  ///
  /// - Parameter page: a page of a document, from 0.
  /// - Throws: `badInput` for a file that is damaged, not an image, or over the limits, and `missingInput`
  ///   for a file that cannot be opened.
  public static func decode(
    path: String, page: Int = 0, reading: MediaReading = MediaReading(),
    target: (_ height: Int, _ width: Int) throws(Failure) -> (height: Int, width: Int)
  ) throws(Failure) -> DecodedImage {
    try decodeTargets(path: path, page: page, reading: reading) { height, width throws(Failure) in
      let size = try target(height, width)
      return [ImageTarget(PixelSize(width: size.width, height: size.height))]
    }
  }

  /// Decodes an image and brings it to each of several sizes.
  ///
  /// - Parameter page: a page of a document, from 0.
  /// - Throws: as `decode` for one size.
  public static func decodeTargets(
    path: String, page: Int = 0, reading: MediaReading = MediaReading(),
    targets: (_ height: Int, _ width: Int) throws(Failure) -> [ImageTarget]
  ) throws(Failure) -> DecodedImage {
    try decode(SourceFile(path: path), page: page, reading: reading, targets: targets)
  }

  static func decode(
    _ file: SourceFile, page: Int = 0, reading: MediaReading,
    targets: (_ height: Int, _ width: Int) throws(Failure) -> [ImageTarget]
  ) throws(Failure) -> DecodedImage {
    let still = try StillDecoder.decode(file, page: page, reading: reading)
    return try convert(still, name: file.name, reading: reading, targets: targets)
  }

  private static func convert(
    _ still: StillFrame, name: String, reading: MediaReading,
    targets: (_ height: Int, _ width: Int) throws(Failure) -> [ImageTarget]
  ) throws(Failure) -> DecodedImage {
    let upright = still.orientation.turned(height: still.height, width: still.width)
    var images: [RGBImage] = []
    for target in try targets(upright.height, upright.width) {
      try checkTarget(target.size, name: name, reading: reading)
      let scaler = Scaler(name: name, isVideo: false, background: reading.background)
      var size = target.size
      if case .centered(let content) = target.fitting {
        size = content
        try checkTarget(content, name: name, reading: reading)
      }
      if case .squared(let red, let green, let blue) = target.fitting {
        scaler.margins = [red, green, blue]
      }
      let image = try scaler.convert(
        still.frame, height: size.height, width: size.width, orientation: still.orientation)
      images.append(image.centered(on: target.size))
    }
    return DecodedImage(
      images: images, sourceWidth: upright.width, sourceHeight: upright.height,
      format: still.format, created: still.created, warnings: still.warnings)
  }

  /// Refuses sizes that are not positive, or so large that scaling up would exhaust the memory.
  static func checkTarget(
    _ size: PixelSize, name: String, reading: MediaReading
  ) throws(Failure) {
    let (area, overflow) = size.height.multipliedReportingOverflow(by: size.width)
    guard size.height > 0, size.width > 0, !overflow, area <= reading.limits.maxPixels else {
      throw Failure(
        .fault, code: .mediaBadTarget,
        "\(name) cannot be resized to \(size.width)×\(size.height) pixels")
    }
  }
}
