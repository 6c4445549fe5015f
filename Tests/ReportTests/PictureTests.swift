import Diagnostics
import Options
@testable import Engine
import Foundation
import Media
import Merging
import Models
@testable import Report
import Testing

@Suite("The pictures of an answer")
struct PictureTests {
  private func draw(_ answer: Answer, _ choice: Visualization) throws -> [MergePicture] {
    var pictures: [MergePicture] = []
    try MergePictures(answer, reading: MediaReading()).draw(choice) { picture throws(Failure) in
      pictures.append(picture)
    }
    return pictures
  }

  private func video(_ count: Int, width: Int = 64, height: Int = 32) -> Visual {
    let frame = RGBImage.noise(width: width, height: height, seed: 5)
    return Visual(
      frames: [RGBImage](repeating: frame, count: count),
      timestamps: (0..<count).map { Double($0) * 0.5 })
  }

  @Test("every choice gives the files it names, in order, and every label can be written")
  func names() throws {
    let still = Visual(image: RGBImage.noise(width: 64, height: 96, seed: 1))
    let answer = try MadeUp.answer(visuals: [still, video(5)], across: 2, down: 3)
    #expect(try draw(answer, .none).isEmpty)
    let final = try draw(answer, .final)
    #expect(
      final.compactMap(\.name) == [
        "merge-01-final.png", "merge-01-layers.png", "merge-01-scores.png", "merge-02-final.png",
        "merge-02-layers.png", "merge-02-scores.png",
      ])
    let all = try draw(answer, .all)
    let layers = ["vit-05", "vit-06", "vit-07", "vit-08", "llm-19", "llm-21", "llm-23", "llm-25"]
    for stem in ["merge-01", "merge-02"] {
      for layer in layers {
        #expect(all.contains { $0.name == "\(stem)-\(layer).png" })
        #expect(all.contains { $0.name == "\(stem)-\(layer)-scores.png" })
      }
    }
    #expect(Set(all.compactMap(\.name)).count == 6 + 2 * 2 * layers.count)
    #expect(all.allSatisfy { $0.missingCharacters.isEmpty })
  }

  @Test("videos are drawn when everything is, and can be read")
  func videos() throws {
    let folder = try TemporaryFolder()
    let still = Visual(image: RGBImage.noise(width: 64, height: 32, seed: 1))
    let answer = try MadeUp.answer(visuals: [still, video(5)], across: 2, down: 1)
    let pictures = MergePictures(answer, reading: MediaReading())
    var names: [String] = []
    try pictures.drawVideos(.final) { name, _ in names.append(name) }
    #expect(names.isEmpty)
    var bytes: [UInt8] = []
    try pictures.drawVideos(.all) { name, video in
      names.append(name)
      bytes = video
    }
    #expect(names == ["merge-02-overlay.mp4"])
    let path = try folder.write(bytes, "video.mp4")
    let video = try VideoFile.sample(path: path) { _, height, width in (height, width) }
    #expect(abs(video.durationSeconds - 2.5) < 0.05)
    #expect(video.totalFrames == 5)
  }

  @Test("without merging there is the picture itself")
  func unmerged() throws {
    let still = Visual(image: RGBImage.noise(width: 64, height: 64, seed: 1))
    let merged = try MadeUp.answer(visuals: [still], across: 2, down: 2)
    let answer = Answer(
      text: "", generated: [], finishReason: .length, sources: merged.sources, promptTokens: 9,
      sharedTokens: 0,
      visualTokens: 4, merging: merged.merging, steps: [], segments: merged.segments,
      runs: merged.runs, tokenSide: merged.tokenSide, visuals: merged.visuals, visionCounts: [4],
      runCounts: [4],
      plan: merged.plan, survivors: [[0, 1, 2, 3]],
      cacheLengths: [9], seconds: StageTimes(), peakMemory: 1)
    let pictures = try draw(answer, .final)
    #expect(pictures.map(\.content) == [.original, .final])
    #expect(pictures[1].missingCharacters.isEmpty)
  }

  @Test("32 frames are on one sheet, more on several, and of very long videos a choice")
  func sheets() throws {
    for (frames, sheets) in [(1, 1), (32, 1), (33, 2), (128, 4), (700, 4)] {
      let answer = try MadeUp.answer(visuals: [video(frames)], across: 2, down: 1)
      let pictures = try draw(answer, .final).filter { $0.content == .final }
      #expect(pictures.count == sheets)
      #expect(pictures.allSatisfy { $0.missingCharacters.isEmpty })
    }
    #expect(VideoPictures.shown(of: 700).first == 0)
    #expect(VideoPictures.shown(of: 700).last == 699)
    #expect(Set(VideoPictures.shown(of: 700)).count == 128)
  }

  @Test("groups that are left show the frame to the bit, given-up ones are gray")
  func painting() throws {
    let image = RGBImage(width: 96, height: 64) { x, y in [200, UInt8(x), UInt8(y)] }
    let painter = GroupPainter(image: image, grid: GroupGrid(across: 3, down: 2, cell: 32))
    let record = MergeRecord(
      MergePlan(kept: [0, 4, 5], receivers: [4], donors: [1], weights: [1]),
      scores: [6, 1, 1, 1, 5, 7], arrived: [0, 1, 2, 3, 4, 5])
    let fates = GroupFates(groups: 6, after: [record])
    #expect(fates.left == 3 && fates.recycled == 1)
    let drawn = painter.fates(fates).image
    for y in 0..<64 {
      for x in 0..<96 {
        let group = y / 32 * 3 + x / 32
        let color = drawn.pixel(x, y)
        switch group {
        case 0, 5: #expect(color == image.pixel(x, y))
        case 4:
          let inner = (35..<61).contains(x) && (35..<61).contains(y)
          if inner { #expect(color == image.pixel(x, y)) }
          if x == 32 || y == 63 { #expect(color == [255, 176, 0]) }
        default:
          let gray = abs(Int(color[0]) - Int(color[2])) <= 2
          #expect(gray && color != image.pixel(x, y))
        }
      }
    }
  }

  @Test("a picture that changed since is not read again")
  func changedFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      try PNGWriter.encode(RGBImage(width: 300, height: 300) { _, _ in [250, 0, 0] }), "a.png")
    var request = Request(prompt: "?")
    request.media = [MediaItem(path: path)]
    request.maxNewTokens = 1
    request.merging = MergeParameters(profile: .off)
    request.keepsVisuals = true
    let answer = try Fixtures.session().answer(request)
    _ = try folder.write(
      try PNGWriter.encode(RGBImage(width: 300, height: 300) { _, _ in [0, 0, 250] }), "a.png")
    let original = try #require(try draw(answer, .final).first)
    #expect(original.content == .original)
    let center = original.image.pixel(original.image.width / 2, original.image.height / 2)
    #expect(center[0] > 200 && center[2] < 50)
  }

  @Test("times and shares are written as people read them")
  func words() {
    #expect(SourceView.time(0) == "0:00.0")
    #expect(SourceView.time(62.25) == "1:02.3" || SourceView.time(62.25) == "1:02.2")
    #expect(SourceView.time(3723.5) == "1:02:03.5")
    #expect(SourceView.time(.infinity) == "?")
    #expect(SourceView.percent(1, of: 3) == "33 %")
    #expect(SourceView.percent(0, of: 0) == "0 %")
    #expect(Numbers.seconds(0.456) == "0.46 s")
    #expect(Numbers.seconds(245) == "4 min 05 s")
    #expect(Numbers.bytes(999) == "999 B")
    #expect(Numbers.bytes(1 << 30) == "1.00 GiB")
    #expect(Numbers.fixed(12.05, 1) == "12.1" || Numbers.fixed(12.05, 1) == "12.0")
  }
}
