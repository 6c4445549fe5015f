import Foundation
import Testing

/// Rewrites a folder of InternVL in the layout of Transformers into OpenGVLab's own.
enum OriginalLayout {
  static func convert(_ folder: EditedCheckpoint) throws {
    try folder.edit("config.json") { values in
      var vision = values["vision_config"] as? [String: Any] ?? [:]
      let side = (vision["image_size"] as? [Int])?.first ?? 0
      vision["qkv_bias"] = vision.removeValue(forKey: "attention_bias")
      vision["qk_normalization"] = vision.removeValue(forKey: "use_qk_norm")
      vision["image_size"] = side
      vision["patch_size"] = 14
      vision["model_type"] = "intern_vit_6b"
      values = [
        "model_type": "internvl_chat", "llm_config": values["text_config"] ?? [:],
        "vision_config": vision, "downsample_ratio": 0.5, "ps_version": "v2", "select_layer": -1,
        "dynamic_image_size": true, "use_thumbnail": true, "force_image_size": side,
        "min_dynamic_patch": 1, "max_dynamic_patch": 6, "template": "internvl2_5",
      ]
    }
    try folder.edit("preprocessor_config.json") { values in
      values = [
        "crop_size": 84, "size": 84, "resample": 3, "image_mean": values["image_mean"] ?? [],
        "image_std": values["image_std"] ?? [],
      ]
    }
    try FileManager.default.removeItem(atPath: folder.path + "/video_preprocessor_config.json")
    var parts: [String: [String: EditedCheckpoint.Tensor]] = [:]
    try folder.rewrite { tensor in
      var tensor = tensor
      tensor.name = name(tensor.name)
      guard
        let range = tensor.name.range(of: #"attention\.[qkv]_proj"#, options: .regularExpression)
      else { return [tensor] }
      let part = String(tensor.name[range])
      tensor.name.replaceSubrange(range, with: "attn.qkv")
      parts[tensor.name, default: [:]][part] = tensor
      let all = ["q", "k", "v"].compactMap { parts[tensor.name]?["attention.\($0)_proj"] }
      guard all.count == 3 else { return [] }
      tensor.bytes = all.flatMap(\.bytes)
      tensor.shape[0] *= 3
      return [tensor]
    }
  }

  /// OpenGVLab's name of a tensor, but for those of queries, keys and values.
  private static func name(_ name: String) -> String {
    var name = name
    for (old, new) in [
      ("model.vision_tower.", "vision_tower."),
      ("model.multi_modal_projector.", "multi_modal_projector."),
      ("model.language_model.", "language_model.model."),
    ] where name.hasPrefix(old) {
      name = new + name.dropFirst(old.count)
    }
    if name.hasPrefix("lm_head.") { name = "language_model." + name }
    guard !name.hasPrefix("language_model.") else { return name }
    for (old, new) in [
      ("vision_tower.embeddings.cls_token", "vision_model.embeddings.class_embedding"),
      (
        "vision_tower.embeddings.position_embeddings", "vision_model.embeddings.position_embedding"
      ),
      (
        "vision_tower.embeddings.patch_embeddings.projection",
        "vision_model.embeddings.patch_embedding"
      ),
      ("vision_tower.encoder.layer.", "vision_model.encoder.layers."),
      ("attention.projection_layer", "attn.proj"), ("attention.q_norm", "attn.q_norm"),
      ("attention.k_norm", "attn.k_norm"), ("layernorm_before", "norm1"),
      ("layernorm_after", "norm2"), ("lambda_1", "ls1"), ("lambda_2", "ls2"),
      ("multi_modal_projector.layer_norm", "mlp1.0"),
      ("multi_modal_projector.linear_1", "mlp1.1"), ("multi_modal_projector.linear_2", "mlp1.3"),
    ] {
      name = name.replacingOccurrences(of: old, with: new)
    }
    return name
  }
}
