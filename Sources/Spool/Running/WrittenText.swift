import WorkerProtocol

/// What a worker has written so far of the answer to its current question.
struct WrittenText: Equatable {
  /// The most bytes that are kept; more are written only to `answer.json`.
  private static let most = 1 << 16

  private(set) var prompt = 0
  private(set) var text = ""

  /// Adds a piece.
  mutating func add(_ piece: WorkerText) {
    if piece.prompt != prompt { (prompt, text) = (piece.prompt, "") }
    guard text.utf8.count + piece.text.utf8.count <= Self.most else { return }
    text += piece.text
  }
}
