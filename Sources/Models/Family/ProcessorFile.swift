/// The files with a processor's settings: one of their own each, or all in `processor_config.json`, as
/// Transformers 5 saves them.
package enum ProcessorFile: Sendable {
  case images
  case videos

  /// The file of its own.
  package var name: String {
    switch self {
    case .images: "preprocessor_config.json"
    case .videos: "video_preprocessor_config.json"
    }
  }

  /// The file of all processors.
  static let sharedName = "processor_config.json"

  /// The settings of images in the file of all processors.
  struct SharedImages<Value: Decodable>: Decodable {
    let image_processor: Value?
  }

  /// Those of videos.
  struct SharedVideos<Value: Decodable>: Decodable {
    let video_processor: Value?
  }
}
