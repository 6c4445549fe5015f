import Compute
import Diagnostics
import Models

/// What the matrices of a model read when it looks at pictures.
public enum InputStatistics {
  /// What the model is asked about each picture, and the most tokens that it answers.
  private static let question = "Describe this picture in detail."
  private static let newTokens = 32

  /// Asks the model about pictures and takes the mean squares of the inputs of all its matrices, for
  /// `ModelOptions.importance`.
  ///
  /// - Parameters:
  ///   - session: a model whose matrices are packed.
  ///   - pictures: the paths of the pictures.
  ///   - progress: is called with the share of pictures that are done.
  /// - Returns: `[inputs]` for each matrix, by name.
  /// - Throws: as `Session.answer`.
  public static func measured(
    _ session: Session, pictures: [String], progress: (Double) -> Void
  ) throws(Failure) -> [String: [Float]] {
    let squares = ColumnSquares()
    session.threads.observer = squares
    defer { session.threads.observer = nil }
    for (index, picture) in pictures.enumerated() {
      progress(Double(index) / Double(pictures.count))
      var request = Request(prompt: question)
      request.media = [MediaItem(path: picture)]
      request.maxNewTokens = newTokens
      _ = try session.answer(request)
    }
    var means: [String: [Float]] = [:]
    for (name, weights) in session.model.assets.weights.packed {
      means[name] = squares.means(of: weights)
    }
    return means
  }
}
