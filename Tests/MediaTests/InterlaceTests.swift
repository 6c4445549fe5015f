import Foundation
import Testing

@testable import Media

/// Videos of two fields a frame are deinterlaced as FFmpeg's `bwdif` does it.
@Suite struct InterlaceTests {
  /// Fields of a moving pattern, 25 frames a second.
  private static let fields =
    "testsrc2=size=320x240:rate=50:duration=2,format=yuv420p,tinterlace=mode=interleave_top"
  private static let bottomFields =
    "testsrc2=size=320x240:rate=50:duration=2,format=yuv420p,tinterlace=mode=interleave_bottom"

  /// How much neighboring lines alternate.
  private func comb(_ image: RGBImage) -> Double {
    let row = image.width * 3
    var sum = 0
    for y in 1..<image.height - 1 {
      for x in 0..<row {
        let (above, here, below) = (
          Int(image.pixels[(y - 1) * row + x]), Int(image.pixels[y * row + x]),
          Int(image.pixels[(y + 1) * row + x])
        )
        if (here - above) * (here - below) > 900 { sum += 1 }
      }
    }
    return Double(sum) / Double(image.pixels.count)
  }

  private func expected(_ path: String, _ video: SampledVideo) throws -> [[UInt8]] {
    let all = try Fixtures.ffmpeg([
      "-i", path, "-vsync", "passthrough", "-vf",
      "bwdif=mode=send_frame,scale=flags=bilinear,format=gbrp", "-f", "rawvideo", "-",
    ])
    let area = video.sourceWidth * video.sourceHeight
    try #require(all.count == video.totalFrames * 3 * area)
    return video.indices.map { index in
      let planes = (0..<3).map { all[(3 * index + $0) * area..<(3 * index + $0 + 1) * area] }
      return zip(planes[2], zip(planes[0], planes[1])).flatMap { [$0, $1.0, $1.1] }
    }
  }

  static let videos: [(String, String, String)] = [
    ("fields.ts", fields, "-c:v mpeg2video -flags +ildct+ilme -bf 2 -g 12 -q:v 2"),
    ("fields-bff.ts", bottomFields, "-c:v mpeg2video -flags +ildct+ilme -top 0 -g 12 -q:v 2"),
    ("fields.mkv", fields, "-c:v libx264 -flags +ildct+ilme -x264-params tff=1:keyint=10 -crf 12"),
    (
      "fields-bff.mp4", bottomFields,
      "-c:v libx264 -flags +ildct+ilme -x264-params bff=1:keyint=10 -crf 12"
    ),
    ("fields.mov", fields, "-c:v prores_ks -flags +ildct+ilme"),
  ]

  @Test(arguments: videos)
  func fieldsAreJoinedWithoutCombs(name: String, input: String, options: String) throws {
    let path = try Fixtures.make(name, from: input, options)
    for least in [Int.max, .min] {
      let (video, hasSought) = try VideoFile.sample(
        path: path, sampling: .exactly(6), reading: MediaReading(),
        seeking: Seeking(leastSaving: least)
      ) { ($1, $2) }
      #expect(hasSought == (least == .min), "\(video.warnings)")
      for (frame, reference) in zip(video.frames, try expected(path, video)) {
        #expect(difference(frame.pixels, reference) < 1)
      }
      #expect(!video.warnings.contains { $0.contains("interlaced") })
    }
  }

  @Test(arguments: ["circle-interlaced.ts", "interlaced-h264.mts", "interlaced-mpeg2.ts"])
  func recordingsOfCamerasShowNoCombs(name: String) throws {
    let path = CaseFiles.path(name)
    let video = try sample(path, .exactly(6))
    for (frame, reference) in zip(video.frames, try expected(path, video)) {
      #expect(difference(frame.pixels, reference) < 1)
    }
    let all = try Fixtures.ffmpeg([
      "-i", path, "-vsync", "passthrough", "-pix_fmt", "rgb24", "-f", "rawvideo", "-",
    ])
    let bytes = video.sourceWidth * video.sourceHeight * 3
    let combs = video.indices.map { index in
      comb(
        RGBImage(
          width: video.sourceWidth, height: video.sourceHeight,
          pixels: Array(all[index * bytes..<(index + 1) * bytes])))
    }
    let left = video.frames.map { comb($0) }
    #expect(left.reduce(0, +) < 0.1 * combs.reduce(0, +), "\(left) of \(combs)")
  }

  @Test func aFieldOrderThatOnlyTheContainerStatesCounts() throws {
    let path = try Fixtures.make(
      "fields-ffv1.mkv", from: Self.fields, "-c:v ffv1 -field_order tt -flags +ildct")
    let video = try sample(path, .exactly(3))
    let plain = try Fixtures.make(
      "whole-ffv1.mkv", from: Self.fields, "-c:v ffv1 -vf setfield=prog")
    #expect(comb(video.frames[1]) < 0.2 * comb(try sample(plain, .exactly(3)).frames[1]))
  }
}
