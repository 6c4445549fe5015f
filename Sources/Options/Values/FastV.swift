import Diagnostics

/// FastV (arXiv 2403.06764): one layer of the LLM that drops a share of the visual tokens.
public struct FastV: Sendable, Equatable {
  /// The layer before which they are dropped.
  public let layer: Int
  /// The share that is dropped, between 0 and 1.
  public let removed: Double

  /// FastV at a layer.
  ///
  /// - Throws: `merging.fastv` for a layer that has none before it, or a share that drops nothing or
  ///   everything.
  public init(layer: Int, removed: Double) throws(Failure) {
    guard layer > 0 else {
      throw Failure(
        .usage, code: .mergingFastV, "FastV cannot drop tokens before layer \(layer)",
        remedy: "Give a layer from 1 on and a share, such as 2:0.5.")
    }
    guard removed > 0, removed < 1 else {
      throw Failure(
        .usage, code: .mergingFastV, "FastV cannot remove a share of \(removed)",
        remedy: "Give layer and share between 0 and 1, such as 2:0.5.")
    }
    self.layer = layer
    self.removed = removed
  }

  /// Reads `2:0.5`.
  ///
  /// - Throws: `merging.fastv` for any text but a layer and a share.
  public init(text: String) throws(Failure) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let layer = Int(parts[0]), let share = Double(parts[1]) else {
      throw Failure(
        .usage, code: .mergingFastV, "“\(text)” is not a layer and a share",
        remedy: "Give layer and share to drop, such as 2:0.5.")
    }
    try self.init(layer: layer, removed: share)
  }

  /// The text form, `2:0.5`.
  public var text: String { "\(layer):\(removed)" }
}

extension FastV: OptionValue {
  /// The text itself.
  public static func plain(of text: String) -> PlainValue? { .text(text) }

  /// Reads `2:0.5`.
  public init?(_ plain: PlainValue) throws(Failure) {
    guard case .text(let text) = plain else { return nil }
    try self.init(text: text)
  }

  /// The text form, `2:0.5`.
  public var plain: PlainValue { .text(text) }
}
