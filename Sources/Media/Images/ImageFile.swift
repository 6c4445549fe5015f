import CFFmpeg
import Diagnostics

/// Image files.
public struct ImageFile {
  /// Decodes an image, turns it upright as its EXIF data say, and resizes it to the size that `target`
  /// returns for its upright height and width.
  ///
  /// Alpha is dropped and not blended, as PIL's `convert("RGB")` does. Only the first frame of an
  /// animation is used. Throws `badInput` for a file that is damaged, not an image, or over the limits,
  /// and `missingInput` for a file that cannot be opened.
  public static func decode(
    path: String, reading: MediaReading = MediaReading(),
    target: (_ height: Int, _ width: Int) throws(Failure) -> (height: Int, width: Int)
  ) throws(Failure) -> DecodedImage {
    try decodeSizes(path: path, reading: reading) { height, width throws(Failure) in
      let size = try target(height, width)
      return [PixelSize(width: size.width, height: size.height)]
    }
  }

  /// Decodes an image and resizes it to each of several sizes.
  ///
  /// - Throws: as `decode` for one size.
  public static func decodeSizes(
    path: String, reading: MediaReading = MediaReading(),
    sizes: (_ height: Int, _ width: Int) throws(Failure) -> [PixelSize]
  ) throws(Failure) -> DecodedImage {
    try decode(SourceFile(path: path), reading: reading, sizes: sizes)
  }

  static func decode(
    _ file: SourceFile, reading: MediaReading,
    sizes: (_ height: Int, _ width: Int) throws(Failure) -> [PixelSize]
  ) throws(Failure) -> DecodedImage {
    let head = file.head(1 << 16)
    guard let format = ImageFormat(head) else {
      return try decodeContained(file, head: head, reading: reading, sizes: sizes)
    }
    LibavMemory.limit(to: LibavMemory.picture)
    let (packet, orientation) = try read(file, format: format, reading: reading)
    var owned: UnsafeMutablePointer<AVPacket>? = packet
    defer { av_packet_free(&owned) }
    let decoder = try Decoder(
      codec: format.codec, parameters: nil, timeBase: AVRational(num: 1, den: 25),
      maxPixels: reading.limits.maxPixels, threads: 1, name: file.name)
    var picture: DecodedImage?
    for next in [packet, nil] where picture == nil {
      try decoder.decode(next) { frame throws(Failure) in
        guard picture == nil else { return }
        let turn = orientation ?? ill_frame_matrix(frame).map { Orientation(matrix: $0) }
        picture = try convert(
          frame, orientation: turn ?? .upright, format: format.rawValue, name: file.name,
          reading: reading, sizes: sizes)
      }
    }
    guard var picture else {
      if format == .webp, ImageFormat.isAnimatedWebP(head) {
        throw Failure(
          .badInput, code: .mediaAnimatedWebP,
          "\(file.name) is an animated WebP, which the installed FFmpeg cannot decode",
          remedy: "Convert it to GIF or MP4.")
      }
      throw decoder.failure
    }
    if decoder.damaged > 0 || !decoder.log.lines.isEmpty {
      picture.warnings.append("\(file.name) is damaged\(decoder.log.reason(0))")
    }
    return picture
  }

  /// Decodes an image inside a container: GIF, AVIF.
  private static func decodeContained(
    _ file: SourceFile, head: [UInt8], reading: MediaReading,
    sizes: (_ height: Int, _ width: Int) throws(Failure) -> [PixelSize]
  ) throws(Failure) -> DecodedImage {
    let demuxer: Demuxer
    do throws(Failure) {
      demuxer = try Demuxer(file)
    } catch {
      guard error.kind == .badInput, ImageFormat.isHEIC(head) else { throw error }
      throw Failure(
        .badInput, code: .mediaUnsupportedFormat,
        "\(file.name) is a HEIC picture, which the installed FFmpeg cannot read",
        remedy: "Convert it to JPEG or PNG.")
    }
    guard demuxer.container == "gif" || demuxer.holdsStill else {
      throw Failure(
        .badInput, code: .mediaIsVideo,
        "\(file.name) is a video (\(demuxer.container), \(demuxer.codec)), not a picture",
        remedy: "Hand it in with --video.")
    }
    try MediaLimits.check(
      width: demuxer.parameters.pointee.width, height: demuxer.parameters.pointee.height,
      pixels: reading.limits.maxPixels, name: file.name)
    let decoder = try Decoder(
      codec: demuxer.parameters.pointee.codec_id, parameters: demuxer.parameters,
      timeBase: demuxer.timeBase, maxPixels: reading.limits.maxPixels, threads: 1, name: file.name)
    let format = demuxer.container == "gif" ? "gif" : "avif"
    var picture: DecodedImage?
    var isAtEnd = false
    while picture == nil, !isAtEnd {
      let packet = demuxer.next()
      isAtEnd = packet == nil
      try decoder.decode(packet) { frame throws(Failure) in
        guard picture == nil else { return }
        let turn = ill_frame_matrix(frame).map { Orientation(matrix: $0) }
        picture = try convert(
          frame, orientation: turn ?? demuxer.orientation, format: format, name: file.name,
          reading: reading, sizes: sizes)
      }
    }
    guard let picture else { throw decoder.failure }
    return picture
  }

  private static func convert(
    _ frame: UnsafeMutablePointer<AVFrame>, orientation: Orientation, format: String, name: String,
    reading: MediaReading,
    sizes: (_ height: Int, _ width: Int) throws(Failure) -> [PixelSize]
  ) throws(Failure) -> DecodedImage {
    let upright = orientation.turned(
      height: Int(frame.pointee.height), width: Int(frame.pointee.width))
    var images: [RGBImage] = []
    for size in try sizes(upright.height, upright.width) {
      try checkTarget(size, name: name, reading: reading)
      images.append(
        try Scaler(name: name, isVideo: false, background: reading.background).convert(
          frame, height: size.height, width: size.width, orientation: orientation))
    }
    return DecodedImage(
      images: images, sourceWidth: upright.width, sourceHeight: upright.height, format: format,
      warnings: [])
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

  /// Reads the whole file as one packet, and its EXIF orientation.
  private static func read(
    _ file: SourceFile, format: ImageFormat, reading: MediaReading
  ) throws(Failure) -> (UnsafeMutablePointer<AVPacket>, Orientation?) {
    // A packet's size is 32 bits, with some bytes of padding.
    try MediaLimits.check(
      bytes: file.size, most: min(reading.limits.maxImageBytes, Int(Int32.max) - 4096),
      name: file.name)
    let whole = file.head(file.size)
    if format == .jpeg, JPEGScans.count(in: whole) > reading.limits.maxScans {
      throw Failure(
        .badInput, code: .mediaTooLarge,
        "\(file.name) is drawn in more than \(reading.limits.maxScans) scans, each of which takes as long as "
          + "a whole picture",
        remedy: "Save it anew, as a plain JPEG.")
    }
    let bytes = format == .png ? PNGChunks.essential(whole) : whole
    var packet = av_packet_alloc()
    guard let filled = packet, av_new_packet(filled, Int32(bytes.count)) >= 0,
      let data = filled.pointee.data
    else {
      av_packet_free(&packet)
      throw LibavError.outOfMemory("\(file.name) (\(bytes.count) bytes)")
    }
    bytes.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { data.update(from: base, count: buffer.count) }
    }
    return (filled, ExifOrientation.find(in: whole, format: format))
  }
}
