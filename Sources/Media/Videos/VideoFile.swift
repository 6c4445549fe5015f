import CFFmpeg
import Diagnostics

/// Video files.
public struct VideoFile {
  /// Samples frames of a video, upright and resized to the size that `target` returns for their number
  /// and their upright height and width.
  ///
  /// Of a long video, only the parts before the requested frames are decoded, from a key frame on;
  /// otherwise every frame is, with as many threads as `reading` allows. Only the requested frames are
  /// converted and kept. Frames of two fields are deinterlaced. A still image counts as a video of one
  /// frame. Of a damaged video, the readable frames are returned with a warning. Throws `badInput` where
  /// there are none, and for encrypted videos, files without video and sizes over the limits;
  /// `missingInput` for a file that cannot be opened; `usage` for contradictory sampling.
  public static func sample(
    path: String, sampling: FrameSampling = FrameSampling(), reading: MediaReading = MediaReading(),
    target: (_ frames: Int, _ height: Int, _ width: Int) throws(Failure) -> (
      height: Int, width: Int
    )
  ) throws(Failure) -> SampledVideo {
    try sample(
      path: path, sampling: sampling, reading: reading, seeking: Seeking(), target: target
    ).video
  }

  /// The same with other bounds for seeking, and whether only parts of the video were decoded.
  static func sample(
    path: String, sampling: FrameSampling, reading: MediaReading, seeking: Seeking,
    target: SizeChoice
  ) throws(Failure) -> (video: SampledVideo, hasSought: Bool) {
    try sampling.validate()
    let file = try SourceFile(path: path)
    if isStill(file) {
      return (try still(file, sampling: sampling, reading: reading, target: target), false)
    }
    var reader = try VideoReader(file, sampling: sampling, reading: reading)
    let collector = try reader.collect(seeking: seeking, target: target)
    let timeline = reader.timeline
    let video = SampledVideo(
      frames: collector.frames, indices: reader.indices, frameRate: timeline.frameRate,
      totalFrames: timeline.count, durationSeconds: timeline.duration,
      created: reader.demuxer.created, timestamps: reader.indices.map { timeline.time(of: $0) },
      warnings: VideoWarnings.of(reader, collector), sourceWidth: collector.source?.width ?? 0,
      sourceHeight: collector.source?.height ?? 0, codec: reader.demuxer.codec,
      container: reader.demuxer.container)
    return (video, reader.hasSought)
  }

  // MARK: Still pictures

  private static func isStill(_ file: SourceFile) -> Bool {
    let head = file.head(1 << 16)
    return switch ImageFormat(head) {
    case .jpeg: !ImageFormat.isMotionJPEG(name: file.name)
    case .png: ImageFormat.framesOfPNG(head) <= 1
    case .webp, .bmp, .tiff, .avif, .heic: true
    case .pdf, nil: false
    }
  }

  private static func still(
    _ file: SourceFile, sampling: FrameSampling, reading: MediaReading,
    target: SizeChoice
  ) throws(Failure) -> SampledVideo {
    let timeline = Timeline(count: 1, timestamps: nil, tick: 1, declaredRate: 1)
    let indices = timeline.indices(sampling)
    let picture = try ImageFile.decode(file, reading: reading) { height, width throws(Failure) in
      let size = try target(indices.count, height, width)
      return [ImageTarget(PixelSize(width: size.width, height: size.height))]
    }
    return SampledVideo(
      frames: indices.map { _ in picture.image }, indices: indices, frameRate: timeline.frameRate,
      totalFrames: 1, durationSeconds: timeline.duration, created: picture.created,
      timestamps: indices.map { timeline.time(of: $0) }, warnings: picture.warnings,
      sourceWidth: picture.sourceWidth, sourceHeight: picture.sourceHeight, codec: picture.format,
      container: picture.format)
  }
}
