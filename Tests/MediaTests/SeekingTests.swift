import Diagnostics
import Foundation
import Testing

@testable import Media

/// Frames that were sought are those of a video that is decoded whole, in every container.
@Suite struct SeekingTests {
  static let pattern = "testsrc2=size=160x120:rate=25:duration=8"
  private static let x264 = "-c:v libx264 -preset veryfast -g 20 -bf 3"
  private static let x265 = "-c:v libx265 -preset ultrafast"

  /// Videos that can be sought: name, options of ffmpeg.
  static let sought: [(String, String)] = [
    ("seek.mp4", x264), ("seek.mkv", x264), ("seek.mov", x264), ("seek.ts", x264),
    ("seek.flv", x264), ("seek-plain.avi", "-c:v mpeg4 -g 20 -q:v 3"),
    ("seek-fragments.mp4", "\(x264) -movflags frag_keyframe+empty_moov"),
    ("seek-pyramid.mp4", "\(x264) -x264-params b-pyramid=normal:bframes=7:b-adapt=0"),
    ("seek-open.mp4", "\(x264) -x264-params open-gop=1:b-adapt=0"),
    ("seek-open.ts", "\(x264) -x264-params open-gop=1:b-adapt=0"),
    ("seek-open.mkv", "\(x264) -x264-params open-gop=1:b-adapt=0"),
    ("seek-cra.mp4", "\(x265) -x265-params log-level=none:keyint=20:open-gop=1:bframes=4"),
    ("seek-cra.mkv", "\(x265) -x265-params log-level=none:keyint=20:open-gop=1:bframes=4"),
    ("seek-cra.ts", "\(x265) -x265-params log-level=none:keyint=20:open-gop=1:bframes=4"),
    ("seek-radl.mp4", "\(x265) -x265-params log-level=none:keyint=20:open-gop=0:radl=2:bframes=4"),
    ("seek-vp9.webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 20"),
    ("seek-av1.mp4", "-c:v libsvtav1 -preset 12 -g 20"),
    ("seek-av1.mkv", "-c:v libsvtav1 -preset 12 -g 20"),
    ("seek-mpeg2.ts", "-c:v mpeg2video -bf 2 -g 12 -q:v 2"),
    ("seek-mjpeg.avi", "-c:v mjpeg -q:v 2"), ("seek-mjpeg.mkv", "-c:v mjpeg -q:v 2"),
    ("seek-prores.mov", "-c:v prores_ks"), ("seek-ffv1.mkv", "-c:v ffv1 -g 20"),
    ("seek-wmv2.wmv", "-c:v wmv2 -g 20 -q:v 3"), ("seek-theora.ogv", "-c:v libtheora -g 20 -q:v 8"),
    ("seek.nut", x264), ("seek-mpeg2.mxf", "-c:v mpeg2video -bf 2 -g 12 -q:v 2"),
  ]

  private func both(
    _ path: String, _ sampling: FrameSampling
  ) throws -> (whole: SampledVideo, parts: SampledVideo, hasSought: Bool) {
    func read(_ least: Int) throws -> (SampledVideo, Bool) {
      let (video, hasSought) = try VideoFile.sample(
        path: path, sampling: sampling, reading: MediaReading(),
        seeking: Seeking(leastSaving: least)
      ) { ($1, $2) }
      return (video, hasSought)
    }
    let (whole, never) = try read(.max)
    #expect(!never)
    let (parts, hasSought) = try read(.min)
    return (whole, parts, hasSought)
  }

  private func expectEqual(_ one: SampledVideo, _ other: SampledVideo, _ name: String) {
    #expect(one.indices == other.indices, "\(name)")
    #expect(one.timestamps == other.timestamps, "\(name)")
    #expect(one.totalFrames == other.totalFrames, "\(name)")
    for (at, (a, b)) in zip(one.frames, other.frames).enumerated() where a != b {
      Issue.record("\(name): frame \(one.indices[at]) differs")
    }
  }

  @Test(arguments: sought)
  func soughtFramesAreThoseOfTheWholeVideo(name: String, options: String) throws {
    let path = try Fixtures.make(name, from: Self.pattern, options)
    for sampling in [
      FrameSampling.exactly(5), .exactly(1), .exactly(30),
      FrameSampling(fps: nil, frames: 4, spacing: .middles),
    ] {
      let (whole, parts, hasSought) = try both(path, sampling)
      expectEqual(whole, parts, name)
      #expect(hasSought, "\(name): \(parts.warnings)")
    }
  }

  /// Videos whose packets do not tell when each frame is shown, or are not one a frame.
  static let whole: [(String, String)] = [
    ("seek-mpeg2.mpg", "-c:v mpeg2video -bf 2 -g 12 -q:v 2"),
    (
      "seek-vp8.webm", "-c:v libvpx -deadline realtime -cpu-used 8 -auto-alt-ref 1 -lag-in-frames 9"
    ),
    ("seek-refresh.mp4", "-c:v libx264 -g 20 -x264-params intra-refresh=1:bframes=0"),
    ("seek-refresh.ts", "-c:v libx264 -g 20 -x264-params intra-refresh=1:bframes=0"),
    ("seek-packed.avi", "-c:v mpeg4 -bf 2 -g 20 -q:v 3"), ("seek.h264", x264), ("seek.gif", ""),
  ]

  @Test(arguments: whole)
  func aVideoThatCannotBeSoughtIsDecodedWhole(name: String, options: String) throws {
    let path = try Fixtures.make(name, from: Self.pattern, options)
    let (whole, parts, hasSought) = try both(path, .exactly(5))
    expectEqual(whole, parts, name)
    #expect(!hasSought)
  }

  /// 400 frames of 1280 × 720 are 0.37 gigapixels, and a transport stream does not state their size.
  @Test(arguments: ["large.ts", "large.mp4"])
  func largeVideosAreSoughtAndSmallOnesAreNot(name: String) throws {
    let path = try Fixtures.make(
      name, from: "testsrc2=size=1280x720:rate=25:duration=16",
      "-c:v libx264 -preset ultrafast -g 25 -bf 2")
    func hasSought(_ path: String, _ frames: Int) throws -> Bool {
      try VideoFile.sample(
        path: path, sampling: .exactly(frames), reading: MediaReading(), seeking: Seeking()
      ) { _, _, _ in (32, 64) }.hasSought
    }
    #expect(try hasSought(path, 3))
    #expect(try !hasSought(path, 60))
    let small = try Fixtures.make("seek.mp4", from: Self.pattern, Self.x264)
    #expect(try !hasSought(small, 3))
  }

  @Test func everyCaseGivesTheSameFramesWhenSought() throws {
    let cases = CaseFiles.path("")
    var sought = 0
    let endings = [
      "mp4", "mov", "mkv", "webm", "ts", "mts", "avi", "flv", "3gp", "wmv", "mxf", "ogv",
    ]
    let files = FileManager.default.enumerator(atPath: cases)?.allObjects as? [String] ?? []
    for name in files.sorted() where endings.contains(where: { name.hasSuffix(".\($0)") }) {
      if name.contains("long-film") { continue }
      guard let (whole, parts, hasSought) = try? both(CaseFiles.path(name), .exactly(6)) else {
        continue
      }
      expectEqual(whole, parts, name)
      if hasSought { sought += 1 }
    }
    #expect(sought > 30)
  }
}
