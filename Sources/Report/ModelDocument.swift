import Diagnostics
import Engine
import Media
import Models
import Options

/// What a model folder is, for programs.
public struct ModelDocument: Sendable, Encodable {
  /// The image encoder.
  struct Vision: Sendable, Encodable {
    let layers, hidden, heads, patch, parameters: Int
  }

  /// The language model.
  struct Text: Sendable, Encodable {
    let layers, hidden, intermediate, heads, keyValueHeads, headSize: Int
    let vocabulary, positions, parameters: Int
    let isTied: Bool

    private enum CodingKeys: String, CodingKey {
      case layers, hidden, intermediate, heads, vocabulary, positions, parameters
      case keyValueHeads = "key_value_heads"
      case headSize = "head_size"
      case isTied = "tied_embeddings"
    }
  }

  /// A picture of `PictureNeeds.side` pixels a side as the model sees it.
  struct Picture: Sendable, Encodable {
    let width, height, shownWidth, shownHeight, views, tokens: Int

    private enum CodingKeys: String, CodingKey {
      case width, height, views, tokens
      case shownWidth = "shown_width"
      case shownHeight = "shown_height"
    }
  }

  /// The files of the folder by purpose; `nil` where there is none and the family's own values apply.
  struct Files: Sendable, Encodable {
    let layout, tokenizer, template, images, videos, generation: String?
    let weights: [String]
    let tensors: Int
    let isPacked: Bool
    let packedPrecisions: [String]

    private enum CodingKeys: String, CodingKey {
      case layout, tokenizer, weights, tensors
      case template = "chat_template"
      case images = "image_processor"
      case videos = "video_processor"
      case generation = "generation_config"
      case isPacked = "packed"
      case packedPrecisions = "packed_precisions"
    }
  }

  /// Bytes of the weights that are stored in a type.
  struct Stored: Sendable, Encodable {
    let type: String
    let bytes: Int
  }

  /// The memory that the picture needs with one kind of weights.
  struct Need: Sendable, Encodable {
    let weights: String
    let weightBytes, predicted: Int
    let fitsNow: Bool?

    private enum CodingKeys: String, CodingKey {
      case weights, predicted
      case weightBytes = "weight_bytes"
      case fitsNow = "fits_now"
    }
  }

  /// Why the model cannot be run.
  struct Refusal: Sendable, Encodable {
    let code, message: String
    let remedy: String?
  }

  let path: String
  let runnable: Bool
  let family, architecture, quantization: String?
  let modelType: String?
  let vision: Vision?
  let text: Text?
  let tokens: Int?
  let picture: Picture?
  let files: Files?
  let stored: [Stored]
  let memory: [Need]
  let notes: [String]
  let failure: Refusal?

  private enum CodingKeys: String, CodingKey {
    case path, runnable, family, architecture, quantization, vision, text, tokens, picture, files
    case stored, memory, notes, failure
    case modelType = "model_type"
  }

  /// The document of what was found.
  public init(_ found: ModelInspection) {
    path = found.path
    runnable = found.failure == nil
    family = found.outline?.family
    architecture = found.folder?.architecture
    quantization = found.folder?.quantization
    modelType = found.folder?.modelType
    vision = found.outline.map(Self.vision)
    text = found.outline.map(Self.text)
    tokens = found.outline?.tokens
    picture = found.outline.flatMap(Self.picture)
    files = found.folder.map { Self.files($0, tensors: found.storedTensors) }
    stored = found.storedTypes.map { Stored(type: $0.type, bytes: $0.bytes) }
    memory = found.needs.map {
      Need(
        weights: $0.precision.rawValue, weightBytes: $0.weights, predicted: $0.predicted,
        fitsNow: $0.fitsNow)
    }
    notes = found.outline?.notes ?? []
    failure = found.failure.map {
      Refusal(code: $0.code.rawValue, message: $0.message, remedy: $0.remedy)
    }
  }

  private static func vision(_ outline: ModelOutline) -> Vision {
    let shape = outline.shape.vision
    return Vision(
      layers: shape.depth, hidden: shape.hiddenSize, heads: shape.heads, patch: shape.patchSize,
      parameters: outline.weights.parameters.vision)
  }

  private static func text(_ outline: ModelOutline) -> Text {
    let shape = outline.shape.text
    return Text(
      layers: shape.layers, hidden: shape.hiddenSize, intermediate: shape.intermediateSize,
      heads: shape.heads, keyValueHeads: shape.keyValueHeads, headSize: shape.headSize,
      vocabulary: shape.vocabularySize, positions: shape.maxPositions,
      parameters: outline.weights.parameters.text,
      isTied: !outline.weights.parameters.hasOutput)
  }

  private static func picture(_ outline: ModelOutline) -> Picture? {
    let picture = PictureNeeds.picture
    guard let layout = try? outline.layout(of: picture), let size = layout.sizes.first else {
      return nil
    }
    return Picture(
      width: picture.width, height: picture.height, shownWidth: size.width,
      shownHeight: size.height, views: layout.views.count, tokens: layout.tokens)
  }

  private static func files(_ folder: ModelFolder, tensors: Int) -> Files {
    Files(
      layout: folder.layout?.rawValue, tokenizer: folder.tokenizer, template: folder.template,
      images: folder.images, videos: folder.videos, generation: folder.generation,
      weights: folder.weightFiles, tensors: tensors, isPacked: !folder.packedFiles.isEmpty,
      packedPrecisions: folder.packedFiles.map { String(describing: $0) })
  }
}
