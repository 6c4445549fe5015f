import CFFmpeg
import Diagnostics

/// Image files that are one packet for a decoder of FFmpeg: JPEG, PNG, WebP, BMP.
enum CodedPicture {
  /// Decodes an image; of a file that ends early, the part that is there.
  ///
  /// - Throws: `media.undecodable` where next to nothing is there, `media.too-large`,
  ///   `media.unsupported-pixels` for forms that FFmpeg cannot decode.
  static func decode(
    _ file: SourceFile, format: ImageFormat, codec: AVCodecID, reading: MediaReading
  ) throws(Failure) -> StillFrame {
    LibavMemory.limit(to: LibavMemory.picture)
    let stored = try StoredPicture(file, format: format, reading: reading)
    if format == .webp, stored.isCut {
      return try CutWebP.decode(stored.bytes, name: file.name, reading: reading)
    }
    var packet: UnsafeMutablePointer<AVPacket>? = try self.packet(stored.bytes, name: file.name)
    defer { av_packet_free(&packet) }
    let decoder = try Decoder(
      codec: codec, parameters: nil, timeBase: AVRational(num: 1, den: 25),
      maxPixels: reading.limits.maxPixels, threads: 1, startsGray: true, name: file.name)
    var picture: StillFrame?
    for next in [packet, nil] where picture == nil {
      try decoder.decode(next) { frame throws(Failure) in
        guard picture == nil else { return }
        let turn = stored.orientation ?? ill_frame_matrix(frame).map { Orientation(matrix: $0) }
        let still = StillFrame(
          try kept(frame, stored), orientation: turn ?? .upright, format: format.rawValue)
        still.created = stored.created
        picture = still
      }
    }
    guard let picture else {
      let isRare = format == .jpeg && JPEGScans.rareForm(in: stored.bytes) != nil
      if stored.isCut, !isRare, decoder.failure.code == .mediaUndecodable {
        throw LibavError.undecodable(file.name, ": the file ends before its pixels begin")
      }
      if format == .jpeg, let form = JPEGScans.rareForm(in: stored.bytes) {
        throw Failure(
          .badInput, code: .mediaUnsupportedPixels,
          "\(file.name) is a JPEG with \(form), which the installed FFmpeg cannot decode",
          remedy: "Save it anew as a plain JPEG, or as PNG.")
      }
      throw decoder.failure
    }
    guard decoder.damaged > 0 || stored.isCut || !decoder.log.lines.isEmpty else { return picture }
    picture.warnings = [
      try warning(picture, stored, format: format, decoder.log.reason(0), name: file.name)
    ]
    return picture
  }

  /// What is wrong with a damaged image.
  private static func warning(
    _ picture: StillFrame, _ stored: StoredPicture, format: ImageFormat, _ reason: String,
    name: String
  ) throws(Failure) -> String {
    var part = MissingPart(missing: 0, total: picture.height, endsEarly: stored.isCut)
    part.missing = max(stored.missingLines, Int(ill_untouched_lines(picture.frame, 128)))
    if format == .jpeg {
      // CMYK: of inks and black of 128 each, 64 is left.
      let inks = Int(ill_untouched_lines(picture.frame, 64))
      let rest = Int(ill_mend_progressive(picture.frame, stored.isFirstScan ? 1 : 0))
      part.missing = max(part.missing, inks, rest)
    }
    part.place = stored.isBottomUp ? .upper : .lower
    ill_gray_lines(
      picture.frame, stored.isBottomUp ? 0 : Int32(picture.height - part.missing),
      Int32(part.missing))
    if let text = try part.warning(name: name, reason: reason) { return text }
    return stored.isCut
      ? "\(name) ends early and may lack detail or color; copy it again"
      : "\(name) is damaged\(reason)"
  }

  /// The decoder's frame, for longer than the decoder lets it live, with the transparency of the file.
  private static func kept(
    _ frame: UnsafeMutablePointer<AVFrame>, _ stored: StoredPicture
  ) throws(Failure) -> UnsafeMutablePointer<AVFrame> {
    if let gray = stored.transparentGray, let keyed = ill_gray_with_key(frame, Int32(gray)) {
      return keyed
    }
    let copy = try kept(frame)
    if !stored.hasAlpha { ill_drop_alpha(copy) }
    return copy
  }

  /// The decoder's frame, for longer than the decoder lets it live.
  private static func kept(
    _ frame: UnsafeMutablePointer<AVFrame>
  ) throws(Failure) -> UnsafeMutablePointer<AVFrame> {
    guard let copy = av_frame_clone(frame) else { throw LibavError.outOfMemory("an image") }
    return copy
  }

  private static func packet(
    _ bytes: [UInt8], name: String
  ) throws(Failure) -> UnsafeMutablePointer<AVPacket> {
    var packet = av_packet_alloc()
    guard let filled = packet, let count = Int32(exactly: bytes.count),
      av_new_packet(filled, count) >= 0, let data = filled.pointee.data
    else {
      av_packet_free(&packet)
      throw LibavError.outOfMemory("\(name) (\(bytes.count) bytes)")
    }
    bytes.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { data.update(from: base, count: buffer.count) }
    }
    return filled
  }

  // MARK: GIF

  /// Decodes the first image of a container that FFmpeg reads: GIF.
  ///
  /// - Throws: `media.is-video` for a video, `media.unsupported-format` for anything else.
  static func decodeContained(
    _ file: SourceFile, reading: MediaReading
  ) throws(Failure) -> StillFrame {
    let demuxer = try Demuxer(file)
    try refuseStrayJPEG(demuxer)
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
    var picture: StillFrame?
    var isAtEnd = false
    while picture == nil, !isAtEnd {
      let packet = demuxer.next()
      isAtEnd = packet == nil
      try decoder.decode(packet) { frame throws(Failure) in
        guard picture == nil else { return }
        let turn = ill_frame_matrix(frame).map { Orientation(matrix: $0) }
        picture = StillFrame(
          try kept(frame), orientation: turn ?? demuxer.orientation, format: format)
      }
    }
    guard let picture else { throw decoder.failure }
    return picture
  }

  /// Refuses a file in which FFmpeg has found a JPEG image somewhere, and takes it for a video of them.
  static func refuseStrayJPEG(_ demuxer: Demuxer) throws(Failure) {
    guard demuxer.container == "mjpeg", !ImageFormat.isMotionJPEG(name: demuxer.name) else {
      return
    }
    throw LibavError.unsupported(demuxer.name, " (there is a JPEG picture somewhere in it)")
  }
}
