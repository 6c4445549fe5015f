import Engine
import Foundation
import Models
import Testing

@Suite("Folders that Transformers 5 saved")
struct RecentFolderTests {
  private func dump(_ path: String, _ medium: String) throws -> AnswerDump {
    var request = Request(prompt: "How many?")
    request.media = [MediaItem(path: Fixtures.path(medium))]
    request.maxNewTokens = 1
    let dump = AnswerDump()
    _ = try Session(modelFolder: path, threads: 2).answer(request, dump: dump)
    return dump
  }

  @Test(
    "the settings of images and videos in processor_config.json count",
    arguments: ["qwen2-vl", "qwen2.5-vl", "internvl", "llava-onevision"],
    ["picture0.png", "clip.mp4"])
  func shared(_ family: String, _ medium: String) throws {
    let folder = try EditedCheckpoint(family + "/tiny")
    // Not what a folder without any file gets.
    try folder.edit("preprocessor_config.json") { $0["image_mean"] = [0.25, 0.375, 0.5] }
    if family.hasPrefix("qwen") {
      try folder.edit("preprocessor_config.json") { $0["max_pixels"] = 6272 }
    } else {
      try folder.edit("video_preprocessor_config.json") { values in
        values["image_mean"] = [0.25, 0.375, 0.5]
        values["num_frames"] = 3
      }
    }
    let medium = family + "/media/" + medium
    let expected = try dump(folder.path, medium)
    try RecentFolder.convert(folder)
    let found = try dump(folder.path, medium)
    for name in ["input_ids", "image_grid_thw", "video_grid_thw", "frame_indices"] {
      #expect(found.integers(name) == expected.integers(name), "\(name)")
    }
    for name in ["pixel_values", "pixel_values_videos", "logits"] {
      #expect(found.floats(name) == expected.floats(name), "\(name)")
    }
  }

  @Test("tokens of InternVL have the names that their roles have there")
  func roles() throws {
    let folder = try EditedCheckpoint("internvl/tiny")
    let expected = try dump(folder.path, "internvl/media/picture0.png")
    try RecentFolder.convert(folder)
    for file in ["tokenizer.json", "tokenizer_config.json"] {
      let url = URL(filePath: folder.path + "/" + file)
      let text = try String(contentsOf: url, encoding: .utf8)
      try text.replacing("<img>", with: "<picture>").write(
        to: url, atomically: true, encoding: .utf8)
    }
    let found = try dump(folder.path, "internvl/media/picture0.png")
    #expect(found.integers("input_ids") == expected.integers("input_ids"))
  }
}
