import Diagnostics
import Merging
import Models
import Options

/// How closely a model's logits match those of the same model in f32, over a text of random ids.
public struct LogitAgreement: Sendable, Codable {
  /// Positions that were compared.
  public let positions: Int
  /// The share of positions at which both have the same largest logit.
  public let sameFirst: Double
  /// The mean over positions of `‖difference‖ / ‖logits‖`, each with its mean subtracted, because a
  /// constant added to all logits changes no choice.
  public let relativeError: Double

  private enum CodingKeys: String, CodingKey {
    case positions
    case sameFirst = "same_first"
    case relativeError = "relative_error"
  }

  /// Compares two lists of logits, `[positions][vocabulary]`.
  init(_ logits: [[Float]], exact: [[Float]]) {
    var same = 0
    var error = 0.0
    for (ours, theirs) in zip(logits, exact) {
      if Self.largest(ours) == Self.largest(theirs) { same += 1 }
      let (a, b) = (Self.mean(ours), Self.mean(theirs))
      var (difference, size) = (0.0, 0.0)
      for (x, y) in zip(ours, theirs) {
        let (x, y) = (Double(x) - a, Double(y) - b)
        difference += (x - y) * (x - y)
        size += y * y
      }
      error += size > 0 ? (difference / size).squareRoot() : 0
    }
    positions = min(logits.count, exact.count)
    sameFirst = Double(same) / Double(max(1, positions))
    relativeError = error / Double(max(1, positions))
  }

  private static func mean(_ logits: [Float]) -> Double {
    logits.reduce(0) { $0 + Double($1) } / Double(max(1, logits.count))
  }

  private static func largest(_ logits: [Float]) -> Int? {
    logits.indices.max { logits[$0] < logits[$1] }
  }

  /// The logits after every id of a random text, which is read one token at a time.
  ///
  /// - Throws: what the model throws.
  static func logits(positions: Int, _ session: Session) throws(Failure) -> [[Float]] {
    let model = session.model
    let merging = try model.resolve(MergeParameters(profile: .off))
    let seen = try model.encode(
      Question(visuals: [], text: "a"), merging: merging, threads: session.threads,
      observer: ComputeObserver())
    let generation = try model.read(
      seen, ReadingOptions(merging: merging, room: positions), threads: session.threads,
      observer: ComputeObserver())
    let vocabulary = generation.logits.count
    var state: UInt64 = 1
    var logits: [[Float]] = []
    for _ in 0..<positions {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let id = Int32(truncatingIfNeeded: Int(state >> 33) % max(1, vocabulary))
      try generation.advance(by: [id], threads: session.threads)
      logits.append(generation.logits)
    }
    return logits
  }

  /// Compares two precisions of the same weights, one after the other, so that only one is in memory.
  ///
  /// - Parameters:
  ///   - exact: opens the model with f32 weights.
  ///   - other: opens it in the precision to judge.
  /// - Throws: what opening and computing throw.
  public static func measured(
    positions: Int, exact: () throws(Failure) -> Session, other: () throws(Failure) -> Session
  ) throws(Failure) -> LogitAgreement {
    let theirs = try logits(positions: positions, try exact())
    return LogitAgreement(try logits(positions: positions, try other()), exact: theirs)
  }
}
