import Basics
import Checkpoint
import Diagnostics

// What the image encoders of all families have in common.
extension GGUFReader {
  /// Writes `preprocessor_config.json`: colors, and the pixels of images where the file names them.
  ///
  /// - Parameter published: the least and the most pixels of the published models, which count where the
  ///   file names none.
  package mutating func writeImages(published: (least: Int, most: Int)) throws(Failure) {
    var values: [String: JSONValue] = [:]
    for (key, name) in [("image_mean", "image_mean"), ("image_std", "image_std")] {
      values[name] = try visionNumbers(key).map { .array($0.map(JSONValue.number)) }
    }
    values["min_pixels"] = .integer(
      try optionalVisionInteger("image_min_pixels", "shortest_edge") ?? published.least)
    values["max_pixels"] = .integer(
      try optionalVisionInteger("image_max_pixels", "longest_edge") ?? published.most)
    try write("preprocessor_config.json", .object(values))
  }

  /// Adds the patch embedding, which files hold in a part for each frame, or as one.
  package mutating func addPatches(_ name: String, outputs: Int, frames: Int, side: Int) {
    let parts =
      ["v.patch_embd.weight", "v.patch_embd.weight.1"].compactMap { tensor($0) }
    let split = ["v.patch_embd_0.weight", "v.patch_embd_1.weight"].compactMap { tensor($0) }
    if parts.count == frames, let recipe = GGUFRecipe(frames: parts) {
      translation.add(name + ".weight", recipe)
    } else if split.count == frames, let recipe = GGUFRecipe(frames: split) {
      translation.add(name + ".weight", recipe)
    } else if let whole = tensor("v.patch_embed.weight") {
      // Ollama's converter has the first two extents as one: its files allow four at most.
      let shape = [outputs, 3, frames, side, side]
      let fits =
        whole.shape.reduce(1) { $0.multipliedClamped(by: $1) }
        == shape.reduce(1) { $0.multipliedClamped(by: $1) }
      translation.add(name + ".weight", GGUFRecipe(whole, shape: fits ? shape : nil))
    } else {
      translation.expect(name + ".weight", as: "v.patch_embd.weight")
    }
    add(name + ".bias", "v.patch_embd.bias", "v.patch_embed.bias")
  }
}
