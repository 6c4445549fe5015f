import Foundation
import Media
import Testing

@Suite("How videos are meant to be displayed")
struct DisplayTests {
  @Test(arguments: [
    ("clock-sar-half.mp4", 256, 128), ("clock-sar-tall.mp4", 256, 128), ("sar-4x3.mp4", 192, 108),
    ("sar-pal-16x9.ts", 1024, 576), ("passing/clock-sar-wide.mp4", 256, 128),
    ("passing/h263.3gp", 192, 144),
  ])
  func pixelsNeedNotBeSquare(_ name: String, _ width: Int, _ height: Int) throws {
    let video = try sample(CaseFiles.path(name), .exactly(1))
    #expect(video.sourceWidth == width)
    #expect(video.sourceHeight == height)
    #expect(video.frames.first?.width == width)
  }

  @Test func anotherShapeMidwayIsSaid() throws {
    func part(_ size: String) throws -> [UInt8] {
      let path = try Fixtures.make("shape-\(size).ts", from: "testsrc2=s=\(size):r=5:d=1")
      return [UInt8](try Data(contentsOf: URL(filePath: path)))
    }
    let same = try Fixtures.make("same.ts", bytes: try part("128x96") + part("64x48"))
    let other = try Fixtures.make("other.ts", bytes: try part("128x96") + part("128x48"))
    #expect(try !sample(same, .exactly(8)).warnings.contains { $0.contains("shape") })
    #expect(try sample(other, .exactly(8)).warnings.contains { $0.contains("shape") })
  }

  /// A square that is stored narrow is a square, also where the video is turned.
  @Test func turnedVideosAreStretchedBeforeTheyAreTurned() throws {
    let plain = try Fixtures.make(
      "narrow.mp4", from: "color=c=white:s=64x64:r=5:d=0.4,setsar=2", "-c:v libx264")
    let path = try Fixtures.make("narrow-turned.mp4") { path in
      try Fixtures.ffmpeg(
        ["-i", plain, "-c", "copy", "-metadata:s:v", "rotate=90", path])
    }
    let video = try sample(path, .exactly(1))
    #expect(video.sourceWidth == 64)
    #expect(video.sourceHeight == 128)
  }

  @Test(arguments: ["1000/1", "1/1000"])
  func damagedProportionsAreIgnored(_ aspect: String) throws {
    let path = try Fixtures.make(
      "aspect-\(aspect.count)-\(aspect.first ?? "x").mkv",
      from: "color=c=white:s=64x64:r=5:d=0.4,setsar=\(aspect)", "-c:v ffv1")
    #expect(try sample(path, .exactly(1)).sourceWidth == 64)
  }

  @Test(arguments: [("libvpx", "vp8"), ("libvpx-vp9", "vp9")])
  func transparentWebVideosLieOnWhite(_ encoder: String, _ name: String) throws {
    let path = try Fixtures.make(
      "alpha-\(name).webm",
      from: "color=c=red:s=64x64:r=5:d=0.6,format=yuva420p,geq=lum='p(X,Y)':a='if(lt(X,32),0,255)'",
      "-c:v \(encoder) -auto-alt-ref 0")
    let frame = try #require(try sample(path, .exactly(1)).frames.first)
    #expect(distance(frame.color(8, 32), [255, 255, 255]) <= 3)
    #expect(frame.color(56, 32)[0] > 200 && frame.color(56, 32)[1] < 60)
  }

  @Test(arguments: [(5, true), (8, false)])
  func dolbyVisionWithoutABaseLayerIsNamed(_ profile: UInt8, _ isNamed: Bool) throws {
    let plain = try Fixtures.make(
      "plain-hevc.mp4", from: "testsrc2=s=64x64:r=5:d=0.4",
      "-c:v libx265 -x265-params log-level=none -tag:v hvc1")
    let path = try Fixtures.make("dolby-\(profile).mp4") { path in
      var bytes = [UInt8](try Data(contentsOf: URL(filePath: plain)))
      // The `dvcC` box: version 1.0; profile in 7 bits; a level, and no other layers.
      let record: [UInt8] =
        [1, 0, profile << 1, 0x25, 0x10] + [UInt8](repeating: 0, count: 19)
      let box = [0, 0, 0, UInt8(8 + record.count)] + Array("dvcC".utf8) + record
      insert(box, into: &bytes)
      try Data(bytes).write(to: URL(filePath: path))
    }
    let warnings = try sample(path, .exactly(1)).warnings
    #expect(warnings.contains { $0.contains("Dolby Vision") } == isNamed)
  }

  /// Adds a box at the end of the sample entry, and its length to all boxes around it.
  private func insert(_ box: [UInt8], into bytes: inout [UInt8]) {
    var (start, end) = (0, bytes.count)
    for name in ["moov", "trak", "mdia", "minf", "stbl", "stsd", "hvc1"] {
      var at = start
      while at + 8 <= end, !bytes[at + 4..<at + 8].elementsEqual(name.utf8) {
        at += length(bytes, at)
      }
      let size = length(bytes, at)
      let longer = UInt32(size + box.count)
      for place in 0..<4 {
        bytes[at + place] = UInt8(truncatingIfNeeded: longer >> (24 - 8 * UInt32(place)))
      }
      // The list of sample entries has a version and a count before them.
      (start, end) = (at + (name == "stsd" ? 16 : 8), at + size)
    }
    bytes.insert(contentsOf: box, at: end)
  }

  private func length(_ bytes: [UInt8], _ at: Int) -> Int {
    max(8, bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) })
  }
}
