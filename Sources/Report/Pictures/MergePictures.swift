import Diagnostics
import Engine
import Media
import Options

/// Draws the report's pictures of what a model looked at.
///
/// Pictures are passed on one at a time, so that at most one large picture is in memory.
public struct MergePictures {
  private let answer: Answer
  private let reading: MediaReading

  /// - Parameters:
  ///   - answer: an answer whose request asked to keep the visuals.
  ///   - reading: how the request reads its files; images are decoded once more, at a readable size.
  public init(_ answer: Answer, reading: MediaReading) {
    self.answer = answer
    self.reading = reading
  }

  /// Draws all pictures that `choice` asks for.
  ///
  /// - Throws: what `body` throws; `media.encode` or `media.out-of-memory`.
  public func draw(
    _ choice: Visualization, _ body: (MergePicture) throws(Failure) -> Void
  ) throws(Failure) {
    guard choice != .none else { return }
    for index in answer.sources.indices {
      for view in SourceView.all(answer, index: index) {
        if view.isVideo {
          try VideoPictures(view).draw(choice, body)
        } else {
          try ImagePictures(view, reading: reading).draw(choice, body)
        }
      }
    }
  }

  /// Draws videos of the groups left after all layers, over every frame that was looked at.
  ///
  /// - Parameter body: called with the file's name and its bytes.
  /// - Throws: what `body` throws; `media.no-encoder` where FFmpeg cannot write videos.
  public func drawVideos(
    _ choice: Visualization, _ body: (String, [UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    guard choice == .all else { return }
    for index in answer.sources.indices {
      for view in SourceView.all(answer, index: index) where view.isVideo {
        try body("\(view.stem)-overlay.mp4", try VideoPictures(view).overlay())
      }
    }
  }

  /// The legend of pictures that show the fates of groups.
  static func legend(left: Int, recycled: Int, of tokens: Int) -> [LegendItem] {
    var items = [LegendItem(sample: .kept, text: "\(left) left")]
    if recycled > 0 {
      items.append(LegendItem(sample: .recycled, text: "\(recycled) of them took up others"))
    }
    if left < tokens {
      items.append(LegendItem(sample: .givenUp, text: "\(tokens - left) given up"))
    }
    return items
  }

  /// The legend of pictures that show scores.
  static let scoreLegend = [
    LegendItem(sample: .scale, text: "rank of the score: lowest → highest"),
    LegendItem(sample: .absent, text: "given up before"),
  ]
}
