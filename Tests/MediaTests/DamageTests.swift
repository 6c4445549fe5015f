import Basics
import Diagnostics
import Foundation
import Media
import Testing

/// Damaged files give frames or one `badInput`; never a crash.
///
/// 120 files by default; `ILLAVA_DAMAGED_FILES=500` asks for more, and `ILLAVA_DAMAGE_SEED=N`
/// for others.
@Suite struct DamageTests {
  private static let environment = ProcessInfo.processInfo.environment
  static let count = environment["ILLAVA_DAMAGED_FILES"].flatMap(Int.init) ?? 120
  static let seed = environment["ILLAVA_DAMAGE_SEED"].flatMap(UInt64.init) ?? 1

  private static let pictures = [
    ("limit.png", ""), ("limit.jpg", ""), ("limit.webp", ""), ("limit.bmp", ""), ("limit.tiff", ""),
    ("limit.gif", ""),
  ]

  private func damage(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    var bytes = bytes
    switch Int.random(in: 0..<5, using: &random) {
    case 0:
      bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
    case 1:
      let start = Int.random(in: 0..<bytes.count, using: &random)
      let end = min(bytes.count, start + Int.random(in: 1...2000, using: &random))
      for index in start..<end { bytes[index] = 0 }
    case 2:
      // Headers matter most, so bits are flipped among the first bytes.
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let index = Int.random(in: 0..<min(600, bytes.count), using: &random)
        bytes[index] = UInt8.random(in: 0...255, using: &random)
      }
    case 3:
      let start = Int.random(in: 0..<bytes.count, using: &random)
      let end = min(bytes.count, start + Int.random(in: 1...500, using: &random))
      bytes.removeSubrange(start..<end)
    default:
      for _ in 0..<Int.random(in: 1...60, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
    }
    return bytes
  }

  @Test(.timeLimit(.minutes(10)))
  func damagedFilesGiveFramesOrOneFailure() throws {
    var sources: [[UInt8]] = []
    for (name, options) in Self.pictures {
      let path = try Fixtures.make(
        name, from: "testsrc2=size=320x240:rate=1", "-frames:v 1 \(options)")
      sources.append(try Fixtures.bytes(path))
    }
    for (name, options) in VideoTests.videos {
      sources.append(try Fixtures.bytes(try Fixtures.make(name, options)))
    }
    let file = Fixtures.folder.appending(path: "damaged.bin")
    var random = SplitMix64(seed: Self.seed)
    var outcomes: [String: Int] = [:]
    for round in 0..<Self.count {
      let source = sources[round % sources.count]
      // Kept beside the others, so that a crash leaves its cause behind.
      try Data(damage(source, &random)).write(to: file)
      let path = file.path
      let calls: [() throws -> Void] = [
        { _ = try ImageFile.decode(path: path) { _, _ in (16, 16) } },
        {
          let video = try VideoFile.sample(path: path) { _, _, _ in (16, 16) }
          #expect(!video.frames.isEmpty && video.frames.count == video.indices.count)
          #expect(video.timestamps.count == video.indices.count)
          #expect(video.indices == video.indices.sorted())
          #expect(video.frames.allSatisfy { $0.pixels.count == 16 * 16 * 3 })
        },
        { _ = try MediaKind.probe(path) },
      ]
      for call in calls {
        let failure = failure(of: call)
        outcomes[failure?.code.rawValue ?? "fine", default: 0] += 1
        #expect(failure == nil || failure?.kind == .badInput, "round \(round): \(failure as Any)")
      }
    }
    #expect((outcomes["fine"] ?? 0) > Self.count / 2, "\(outcomes)")
  }
}
