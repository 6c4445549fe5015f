import Foundation
import Media
import Testing

@Suite struct VideoTests {
  static let x265 = "-c:v libx265 -x265-params log-level=none"
  /// Every container and codec that the tests make: name, options of ffmpeg.
  static let videos: [(String, String)] = [
    ("h264.mp4", "-c:v libx264"), ("h264.mkv", "-c:v libx264"), ("h264.mov", "-c:v libx264"),
    ("h264.ts", "-c:v libx264"), ("h264.flv", "-c:v libx264"), ("h264.h264", "-c:v libx264"),
    ("fragments.mp4", "-c:v libx264 -movflags frag_keyframe+empty_moov"),
    ("hevc.mp4", x265), ("hevc.ts", x265), ("hevc.hevc", x265),
    ("vp9.webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8"),
    ("vp8.webm", "-c:v libvpx -deadline realtime -cpu-used 8 -auto-alt-ref 1 -lag-in-frames 10"),
    ("av1.mp4", "-c:v libsvtav1 -preset 12"), ("av1.ivf", "-c:v libsvtav1 -preset 12"),
    ("mpeg2.mpg", "-c:v mpeg2video -q:v 2"), ("mpeg2.ts", "-c:v mpeg2video -bf 2 -q:v 2"),
    ("mpeg2.m2v", "-c:v mpeg2video -q:v 2"), ("mpeg4.avi", "-c:v mpeg4 -bf 2 -q:v 2"),
    ("mpeg4.m4v", "-c:v mpeg4 -q:v 2 -f m4v"), ("mjpeg.avi", "-c:v mjpeg -q:v 2"),
    ("mjpeg.mjpeg", "-c:v mjpeg -q:v 2"), ("wmv2.wmv", "-c:v wmv2 -q:v 2"),
    ("theora.ogv", "-c:v libtheora -q:v 9"), ("moving.gif", ""), ("moving.png", "-f apng"),
    ("ten.mp4", "-c:v libx264 -pix_fmt yuv420p10le"),
    ("chroma.mp4", "-c:v libx264 -pix_fmt yuv444p"),
  ]

  @Test(arguments: videos)
  func everyContainerGivesTheRightFrames(name: String, options: String) throws {
    let path = try Fixtures.make(name, options)
    let video = try sample(path)
    #expect(video.totalFrames == 50)
    #expect(video.frameRate == 25)
    #expect(video.indices == [0, 16, 33, 49])
    let times = video.indices.map { Double($0) / 25 }
    #expect(video.timestamps == times)
    #expect(video.durationSeconds == 2)
    #expect(video.sourceWidth == 160 && video.sourceHeight == 120)
    #expect(video.warnings.allSatisfy { $0.contains("how long") }, "\(video.warnings)")
    // Planar on purpose, because swscale's conversions to packed RGB interpolate chroma differently.
    let all = try Fixtures.ffmpeg([
      "-i", path, "-vsync", "passthrough", "-vf", "scale=flags=bilinear,format=gbrp", "-f",
      "rawvideo", "-",
    ])
    let area = 160 * 120
    try #require(all.count == 50 * 3 * area)
    for (frame, index) in zip(video.frames, video.indices) {
      let planes = (0..<3).map { all[(3 * index + $0) * area..<(3 * index + $0 + 1) * area] }
      let expected = zip(planes[2], zip(planes[0], planes[1])).flatMap { [$0, $1.0, $1.1] }
      #expect(frame.pixels == expected, "frame \(index)")
    }
  }

  @Test func losslessRGBIsExactAndBFramesKeepTheirOrder() throws {
    let path = try Fixtures.make("lossless.mp4", "-c:v libx264rgb -qp 0 -bf 3")
    let video = try sample(path, FrameSampling(fps: 25))
    #expect(video.indices == Array(0..<50))
    #expect(video.frames.flatMap(\.pixels) == (try Fixtures.rgb(path)))
  }

  @Test func framesOfAVaryingRateAreChosenByTime() throws {
    // 40 frames at 30 a second, then every third one.
    let path = try Fixtures.make(
      "varying.mp4", from: "testsrc2=size=160x120:rate=30:duration=4",
      "-vf select='lt(n,40)+not(mod(n,3))' -vsync vfr -c:v libx264")
    let video = try sample(path, .exactly(5))
    #expect(video.totalFrames == 66)
    #expect(video.warnings.count == 1 && video.warnings[0].contains("varies"))
    // The last frame is number 117 of 30 a second: 3.9 s, and so 0.975 s apart.
    let nearest: [Double] = [0, 0.975, 1.95, 2.925, 3.9]
    for (time, wanted) in zip(video.timestamps, nearest) { #expect(abs(time - wanted) <= 0.051) }
    #expect(video.indices.last == 65)
  }

  @Test func aVideoWrittenToAPipeLacksItsDurationAndIsCounted() throws {
    let path = try Fixtures.make("pipe.mkv") { path in
      let bytes = try Fixtures.ffmpeg([
        "-f", "lavfi", "-i", Fixtures.pattern, "-c:v", "libx264", "-f", "matroska", "-",
      ])
      try Data(bytes).write(to: URL(filePath: path))
    }
    let video = try sample(path)
    #expect(video.totalFrames == 50 && video.indices == [0, 16, 33, 49])
    #expect(video.warnings.count == 1 && video.warnings[0].contains("how long"))
  }

  @Test func ntscRatesAreExact() throws {
    let path = try Fixtures.make(
      "ntsc.mkv", from: "testsrc2=size=160x120:rate=30000/1001:duration=4", "-c:v libx264")
    let video = try sample(path)
    #expect(video.frameRate == 30000.0 / 1001)
    #expect(video.indices == [0, 17, 34, 51, 68, 85, 102, 119])
    #expect(video.warnings == [])
  }

  @Test func aVideoOfOneFrameAndAPictureAreVideos() throws {
    let path = try Fixtures.make("one.mp4", "-frames:v 1 -c:v libx264")
    let video = try sample(path)
    #expect(video.frames.count == 1 && video.totalFrames == 1 && video.timestamps == [0])
    let picture = try Fixtures.make(
      "rgb.png", from: ImageTests.still, "-frames:v 1 -pix_fmt rgb24")
    let still = try sample(picture)
    #expect(still.frames == [try decode(picture).image])
    #expect(try sample(picture, .exactly(3)).frames.count == 3)
  }

  @Test func oddSizesKeepEveryPixel() throws {
    let path = try Fixtures.make(
      "odd.mkv", from: "testsrc=size=61x47:rate=25:duration=1", "-c:v libx264rgb -qp 0")
    let video = try sample(path, .exactly(2))
    #expect(video.sourceWidth == 61 && video.sourceHeight == 47)
    #expect(video.frames[0].pixels == (try Fixtures.rgb(path, "-frames:v 1")))
  }

  @Test func theTargetIsAskedWithTheNumberOfFrames() throws {
    let path = try Fixtures.make("h264.mp4", "-c:v libx264")
    let video = try VideoFile.sample(path: path, sampling: .exactly(6)) { frames, height, width in
      #expect(frames == 6 && height == 120 && width == 160)
      return (32, 64)
    }
    #expect(video.frames.allSatisfy { $0.width == 64 && $0.height == 32 })
  }

  @Test func aVideoThatChangesItsSizeKeepsTheTargetSize() throws {
    let one = try Fixtures.make("h264.ts", "-c:v libx264")
    let two = try Fixtures.make(
      "small.ts", from: "testsrc2=size=96x64:rate=25:duration=2", "-c:v libx264")
    let path = try Fixtures.make(
      "both.ts", bytes: try Fixtures.bytes(one) + (try Fixtures.bytes(two)))
    let video = try sample(path, .exactly(10))
    #expect(video.totalFrames == 100)
    #expect(video.frames.allSatisfy { $0.width == 160 && $0.height == 120 })
  }

  @Test(arguments: ["sound.mp4", "sound.mkv"])
  func longerSoundDoesNotMakeAVideoEndEarly(name: String) throws {
    let path = try Fixtures.make(name) { path in
      try Fixtures.ffmpeg([
        "-f", "lavfi", "-i", Fixtures.pattern, "-f", "lavfi", "-i", "sine=duration=6", "-c:v",
        "libx264", "-c:a", "aac", path,
      ])
    }
    #expect(try sample(path).warnings == [])
  }

  @Test func aCutVideoGivesTheFramesThereAre() throws {
    let whole = try Fixtures.make("fast.mp4", "-c:v libx264 -movflags faststart")
    let bytes = try Fixtures.bytes(whole)
    let path = try Fixtures.make("cut.mp4", bytes: Array(bytes.prefix(bytes.count / 2)))
    let video = try sample(path)
    #expect((5..<45).contains(video.totalFrames))
    #expect(video.frames.count == 4 && video.indices.last == video.totalFrames - 1)
    #expect(video.warnings.contains { $0.contains("ends early") && $0.contains("2.0 s") })
  }

  @Test func framesThatAnEditListHidesAreNeitherCountedNorMissed() throws {
    let whole = try Fixtures.make("h264.mp4", "-c:v libx264")
    let path = try Fixtures.make("trimmed.mp4") { path in
      try Fixtures.ffmpeg(["-ss", "1.02", "-i", whole, "-c", "copy", path])
    }
    let video = try sample(path, FrameSampling(fps: 25))
    #expect((20...26).contains(video.totalFrames))
    #expect(video.warnings == [])
    #expect(video.frames.last == (try sample(whole, .exactly(2)).frames.last))
  }
}
