/// The names of the image encoder's tensors in the two layouts.
struct InternVLNames: Sendable {
  let classToken: String
  let positions: String
  let patches: String
  let layers: String
  /// Query, key and value: one name for all, or one each.
  let queryKeyValue: [String]
  let queryNorm: String
  let keyNorm: String
  let projection: String
  let attentionScale: String
  let attentionNorm: String
  let mlpNorm: String
  let mlpScale: String
  /// The projector's norm and its two products.
  let projector: (norm: String, expand: String, contract: String)

  init(_ layout: InternVLConfiguration.Layout) {
    switch layout {
    case .transformers:
      classToken = "vision_tower.embeddings.cls_token"
      positions = "vision_tower.embeddings.position_embeddings"
      patches = "vision_tower.embeddings.patch_embeddings.projection"
      layers = "vision_tower.encoder.layer."
      queryKeyValue = ["attention.q_proj", "attention.k_proj", "attention.v_proj"]
      queryNorm = "attention.q_norm"
      keyNorm = "attention.k_norm"
      projection = "attention.projection_layer"
      attentionScale = "lambda_1"
      attentionNorm = "layernorm_before"
      mlpNorm = "layernorm_after"
      mlpScale = "lambda_2"
      let projector = "multi_modal_projector."
      self.projector = (
        projector + "layer_norm", projector + "linear_1", projector + "linear_2"
      )
    case .original:
      classToken = "vision_model.embeddings.class_embedding"
      positions = "vision_model.embeddings.position_embedding"
      patches = "vision_model.embeddings.patch_embedding"
      layers = "vision_model.encoder.layers."
      queryKeyValue = ["attn.qkv"]
      queryNorm = "attn.q_norm"
      keyNorm = "attn.k_norm"
      projection = "attn.proj"
      attentionScale = "ls1"
      attentionNorm = "norm1"
      mlpNorm = "norm2"
      mlpScale = "ls2"
      projector = ("mlp1.0", "mlp1.1", "mlp1.3")
    }
  }

  /// The name of a tensor in the files: that of the published -hf folders, or that of Transformers 4.56 and
  /// later, which put all parts but the output layer under `model.`.
  static func stored(_ published: String, _ files: ModelFiles) -> String {
    if files.hasTensor(published) { return published }
    let (language, output) = ("language_model.model.", "language_model.lm_head.")
    let other: String
    if published.hasPrefix(language) {
      other = "model.language_model." + published.dropFirst(language.count)
    } else if published.hasPrefix(output) {
      other = "lm_head." + published.dropFirst(output.count)
    } else {
      other = "model." + published
    }
    return files.hasTensor(other) ? other : published
  }
}
