import Foundation
import Testing

@testable import Media

/// Clips that begin between key frames, as a cut of a broadcast does.
@Suite struct BeginningTests {
  private static let x265 = "-c:v libx265 -preset ultrafast -x265-params log-level=none:bframes=3"
  static let clips: [(String, String)] = [
    ("late-cra.ts", "\(x265):keyint=20:open-gop=1"),
    ("late-cra.mkv", "\(x265):keyint=20:open-gop=1"),
    ("late-cra.mp4", "\(x265):keyint=20:open-gop=1"),
    ("late-idr.ts", "\(x265):keyint=20:open-gop=0"),
    ("late-radl.mkv", "\(x265):keyint=20:open-gop=0:radl=2"),
    ("late.ts", "-c:v libx264 -g 20 -bf 3"), ("late.mkv", "-c:v libx264 -g 20 -bf 3"),
    ("late-open.mkv", "-c:v libx264 -g 20 -bf 3 -x264-params open-gop=1"),
    ("late-mpeg2.ts", "-c:v mpeg2video -g 12 -bf 2 -q:v 2"),
    ("late-mpeg4.mkv", "-c:v mpeg4 -g 20 -q:v 2"), ("late-flv.flv", "-c:v flv -g 20 -q:v 2"),
    ("late-vp9.mkv", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 20"),
    ("late-vp8.mkv", "-c:v libvpx -deadline realtime -cpu-used 8 -g 20"),
    ("late-av1.mkv", "-c:v libsvtav1 -preset 12 -g 20"),
  ]

  @Test(arguments: clips)
  func nothingBeforeTheFirstKeyFrameIsShown(name: String, options: String) throws {
    let whole = try Fixtures.make(
      "whole-\(name)", from: "testsrc2=size=160x120:rate=25:duration=4", options)
    let cut = try Fixtures.make(name) { path in
      try Fixtures.ffmpeg([
        "-i", whole, "-c", "copy", "-copyinkf", "-copyts", "-bsf:v", "noise=drop=lt(n\\,7)", path,
      ])
    }
    let all = try sample(whole, FrameSampling(fps: 25))
    let rest = try sample(cut, FrameSampling(fps: 25))
    // A key frame comes each 20 frames or oftener.
    #expect((60...92).contains(rest.totalFrames), "\(rest.totalFrames)")
    #expect(rest.frames.count == rest.totalFrames)
    for (at, (one, other)) in zip(rest.frames.reversed(), all.frames.reversed()).enumerated()
    where one != other {
      Issue.record("frame \(at) from the end differs")
    }
    #expect(
      rest.warnings.filter { $0.contains("cannot be decoded without what was before") }.count == 1,
      "\(rest.warnings)")
    #expect(!rest.warnings.contains { $0.contains("damaged") }, "\(rest.warnings)")
    let sought = try VideoFile.sample(
      path: cut, sampling: FrameSampling(fps: 25), reading: MediaReading(),
      seeking: Seeking(leastSaving: .min)
    ) { ($1, $2) }.video
    #expect(sought.frames == rest.frames && sought.timestamps == rest.timestamps)
    #expect(sought.indices == rest.indices && sought.totalFrames == rest.totalFrames)
  }

  @Test func aVideoWithoutKeyFramesIsShownAndSaidToBe() throws {
    let whole = try Fixtures.make(
      "keyless-whole.mkv", from: "testsrc2=size=160x120:rate=25:duration=2",
      "-c:v mpeg4 -g 100 -q:v 2")
    let path = try Fixtures.make("keyless.mkv") { path in
      try Fixtures.ffmpeg([
        "-i", whole, "-c", "copy", "-copyinkf", "-bsf:v", "noise=drop=lt(n\\,1)", path,
      ])
    }
    let video = try sample(path)
    #expect(video.totalFrames == 49)
    #expect(video.warnings.contains { $0.contains("no key frames") }, "\(video.warnings)")
  }
}
