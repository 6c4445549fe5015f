import Diagnostics
import Foundation
import Testing

@testable import Media

/// Small files that would take forever to read, or all of the memory.
@Suite struct BombTests {
  /// A GIF with this many frames of a size, each of which is 27 bytes.
  private func gif(frames: Int, side: UInt16) -> [UInt8] {
    let size = [UInt8(side & 255), UInt8(side >> 8)]
    let head: [UInt8] =
      Array("GIF89a".utf8) + size + size + [0x80, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF]
    let frame: [UInt8] =
      [0x21, 0xF9, 4, 0, 1, 0, 0, 0, 0x2C, 0, 0, 0, 0] + size + size
      + [0, 2, 2, 0x44, 1, 0]
    var bytes = head
    for _ in 0..<frames { bytes += frame }
    return bytes + [0x3B]
  }

  @Test func aThousandLargeFramesInAFewKilobytesAreRefusedBeforeDecoding() throws {
    let path = try Fixtures.make("bomb.gif", bytes: gif(frames: 100_000, side: 4000))
    let start = ContinuousClock.now
    let refusal = failure { _ = try sample(path) }
    #expect(ContinuousClock.now - start < .seconds(10))
    #expect(refusal?.code == .mediaTooLarge && refusal?.kind == .badInput)
    #expect(refusal?.message.contains("100000 frames of 4000×4000, 1600.0 gigapixels") == true)
    #expect(refusal?.message.contains("limits.animation_gigapixels") == true)
    #expect(failure { _ = try MediaKind.probe(path) } == nil)
  }

  @Test(arguments: [
    ("total.gif", "", true), ("total.apng", "-plays 0 -f apng", true),
    ("total.mp4", "-c:v libx264", false), ("total.mkv", "-c:v libx264", false),
    ("total.ts", "-c:v libx264", false), ("total.avi", "-c:v mjpeg", false),
  ])
  func thePixelsOfAllFramesAreLimited(name: String, options: String, isAnimation: Bool) throws {
    let path = try Fixtures.make(name, options)
    let all = try sample(path).totalFrames * 160 * 120
    var limits = MediaLimits()
    func set(_ pixels: Int) {
      if isAnimation { limits.maxAnimationTotal = pixels } else { limits.maxVideoTotal = pixels }
    }
    set(all)
    #expect(failure { _ = try sample(path, limits: limits) } == nil)
    set(all - 1)
    let refusal = failure { _ = try sample(path, limits: limits) }
    #expect(refusal?.code == .mediaTooLarge)
    let option = isAnimation ? "animation_gigapixels" : "video_gigapixels"
    #expect(refusal?.message.contains(option) == true, "\(String(describing: refusal))")
  }

  @Test func aVideoThatGrowsOnTheWayIsStoppedWhereItIsTooMuch() throws {
    // The first frames are small: the container's size differs from that of later frames.
    let small = try Fixtures.make(
      "small.h264", from: "testsrc2=size=64x64:rate=25:duration=1", "-c:v libx264")
    let large = try Fixtures.make(
      "large.h264", from: "testsrc2=size=640x480:rate=25:duration=1", "-c:v libx264")
    let path = try Fixtures.make(
      "growing.h264", bytes: try Fixtures.bytes(small) + Fixtures.bytes(large))
    var limits = MediaLimits()
    limits.maxVideoTotal = 64 * 64 * 50 + 640 * 480 * 5
    #expect(failure { _ = try sample(path, limits: limits) }?.code == .mediaTooLarge)
  }

  @Test func theNumberOfFramesIsLimited() throws {
    let path = try Fixtures.make("many.mp4", "-c:v libx264")
    var limits = MediaLimits()
    limits.maxVideoFrames = 50
    #expect(failure { _ = try sample(path, limits: limits) } == nil)
    limits.maxVideoFrames = 49
    let refusal = failure { _ = try sample(path, limits: limits) }
    #expect(refusal?.message.contains("more than 49 frames") == true)
  }

  @Test func packedTextsOfAPictureAreNotUnpacked() throws {
    let path = try Fixtures.make("text.png", from: ImageTests.still, "-frames:v 1")
    let plain = try Fixtures.bytes(path)
    #expect(PNGChunks.essential(plain).bytes == plain)
    func chunk(_ name: String, _ length: Int) -> [UInt8] {
      [0, 0, UInt8(length >> 8), UInt8(length & 255)] + Array(name.utf8)
        + [UInt8](repeating: 1, count: length) + [0, 0, 0, 0]
    }
    let extra = chunk("zTXt", 700) + chunk("iTXt", 0) + chunk("iCCP", 9)
    // After the header, which is 8 + 25 bytes.
    let stuffed = Array(plain[..<33]) + extra + Array(plain[33...]) + chunk("zTXt", 3)
    #expect(PNGChunks.essential(stuffed).bytes == plain)
    #expect(PNGChunks.essential(Array(stuffed[..<40])).isCut)
    #expect(PNGChunks.essential([]).bytes == [])
    let file = try Fixtures.make("stuffed.png", bytes: stuffed)
    #expect(try decode(file).image == decode(path).image)
  }

  @Test func aPictureWithTooManyBytesIsRefusedBeforeItIsRead() throws {
    let path = try Fixtures.make(
      "long.png", bytes: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(truncate(path, 200 << 30) == 0)
    let refusal = failure {
      try MediaSize.checkImage(path: path, limits: MediaLimits())
    }
    #expect(refusal?.code == .mediaTooLarge)
  }

  /// A QuickTime video whose index consists of three numbers.
  private func movie(frames: UInt32) -> [UInt8] {
    func number(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 255) } }
    func box(_ name: String, _ parts: [UInt8]...) -> [UInt8] {
      let body = parts.flatMap(\.self)
      return number(UInt32(body.count + 8)) + Array(name.utf8) + body
    }
    func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
    let size: [UInt8] = [0, 64, 0, 64]
    let entry = box(
      "mp4v", zeros(6), [0, 1], zeros(16), size, [0, 0x48, 0, 0, 0, 0x48, 0, 0], zeros(4), [0, 1],
      zeros(32), [0, 24, 255, 255])
    let table = box(
      "stbl", box("stsd", zeros(4), number(1), entry),
      box("stts", zeros(4), number(1), number(frames), number(1)),
      box("stsc", zeros(4), number(1), number(1), number(frames), number(1)),
      box("stsz", zeros(4), number(1), number(frames)),
      box("stco", zeros(4), number(1), number(2000)))
    let media = box(
      "mdia", box("mdhd", zeros(12), number(1), number(frames), zeros(4)),
      box("hdlr", zeros(8), Array("vide".utf8), zeros(13)),
      box("minf", box("vmhd", zeros(12)), table))
    let header = box("mvhd", zeros(12), number(1000), number(1000), zeros(80))
    return box("ftyp", Array("qt  ".utf8), zeros(4), Array("qt  ".utf8))
      + box("moov", header, box("trak", box("tkhd", zeros(12), number(1), zeros(68)), media))
      + box("mdat", zeros(1 << 20))
  }

  @Test(arguments: [80_000_000, UInt32.max])
  func aVideoThatNamesMillionsOfFramesTakesNoMemoryForThem(_ frames: UInt32) throws {
    let path = try Fixtures.make("index-\(frames).mov", bytes: movie(frames: frames))
    let before = peak()
    let start = ContinuousClock.now
    let refusal = failure { _ = try sample(path) }
    #expect(refusal?.kind == .badInput, "\(String(describing: refusal))")
    #expect(ContinuousClock.now - start < .seconds(20))
    #expect(peak() - before < 600 << 10)
  }

  /// The peak memory of this process, in KiB.
  private func peak() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss
  }

  @Test func aPictureOfManyScansIsRefused() throws {
    let path = try Fixtures.make("scans.jpg", from: ImageTests.still, "-frames:v 1")
    var limits = MediaLimits()
    limits.maxScans = 1
    #expect(failure { _ = try decode(path, limits: limits) } == nil)
    // Empty scans, each with its header.
    let scan: [UInt8] = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]
    let plain = try Fixtures.bytes(path)
    let bytes =
      Array(plain.prefix(plain.count - 2)) + Array(repeatElement(scan, count: 300).joined()) + [
        0xFF, 0xD9,
      ]
    let refusal = failure { _ = try decode(Fixtures.make("many-scans.jpg", bytes: bytes)) }
    #expect(refusal?.code == .mediaTooLarge)
    #expect(refusal?.message.contains("200 scans") == true)
  }

  @Test func timesBeyondAllSenseArePassedOver() throws {
    // Ticks of a year, and timestamps near the end of 64 bits.
    let stamps: [Int64] = [0, 1, .max / 2, .max - 1]
    for tick in [1e-9, 3e7, 2e9, .infinity, .nan, 0, -1] {
      let line = Timeline(count: 4, timestamps: stamps, tick: tick, declaredRate: 1e9)
      let indices = line.indices(FrameSampling())
      #expect(indices.allSatisfy { (0..<4).contains($0) })
      #expect(!line.duration.isNaN)
    }
    let wide = Timeline(count: 2, timestamps: [.min, .max], tick: 1, declaredRate: nil)
    #expect(wide.times == nil)
  }
}
