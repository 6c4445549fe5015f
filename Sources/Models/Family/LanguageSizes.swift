/// The sizes that every configuration of a language model states.
package protocol LanguageSizes {
  /// Elements of a token's hidden state.
  var hiddenSize: Int { get }
  /// Elements inside the MLP.
  var intermediateSize: Int { get }
  /// Layers.
  var layers: Int { get }
  /// Query heads.
  var heads: Int { get }
  /// Key and value heads.
  var keyValueHeads: Int { get }
  /// Elements per head.
  var headSize: Int { get }
  /// Rows of the embedding.
  var vocabularySize: Int { get }
  /// The longest sequence the model was made for.
  var maxPositions: Int { get }
}

extension LanguageSizes {
  /// A sentence about the first size that is out of range or does not fit the others; `nil` if all are
  /// valid.
  var sizeProblem: String? {
    let sizes = [
      ("hidden_size", hiddenSize), ("intermediate_size", intermediateSize),
      ("num_hidden_layers", layers), ("num_attention_heads", heads),
      ("num_key_value_heads", keyValueHeads), ("head_dim", headSize),
      ("vocab_size", vocabularySize), ("max_position_embeddings", maxPositions),
    ]
    if let problem = ShapeCheck.problem(sizes) { return problem }
    if !heads.isMultiple(of: keyValueHeads) {
      return
        "num_attention_heads \(heads) is not a multiple of num_key_value_heads \(keyValueHeads)"
    }
    return headSize.isMultiple(of: 2) ? nil : "head_dim \(headSize) is odd"
  }
}
