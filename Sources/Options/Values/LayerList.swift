import Diagnostics

/// A list of layers as the authors write it: `5-6-7-8`, ascending.
public struct LayerList: Sendable, Equatable {
  /// The layers, ascending, counted from 0.
  public let layers: [Int]

  /// A list of layers that ascend and are not negative.
  ///
  /// - Throws: `merging.layers` for any other list.
  public init(_ layers: [Int]) throws(Failure) {
    guard !layers.isEmpty, layers.allSatisfy({ $0 >= 0 }),
      zip(layers, layers.dropFirst()).allSatisfy(<)
    else { throw Self.malformed(layers.map(String.init).joined(separator: "-")) }
    self.layers = layers
  }

  /// Reads `5-6-7-8`.
  ///
  /// - Throws: `merging.layers` for any text but ascending numbers joined by hyphens.
  public init(text: String) throws(Failure) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { $0.allSatisfy(\.isASCII) ? Int($0) : nil }
    guard numbers.count == parts.count else { throw Self.malformed(text) }
    try self.init(numbers)
  }

  /// The authors' notation.
  public var text: String { layers.map(String.init).joined(separator: "-") }

  private static func malformed(_ text: String) -> Failure {
    Failure(
      .usage, code: .mergingLayers, "“\(text)” is not a list of merging layers",
      remedy: "Give ascending layer numbers joined by hyphens, such as 5-6-7-8.")
  }
}

extension LayerList: OptionValue {
  /// The text itself.
  public static func plain(of text: String) -> PlainValue? { .text(text) }

  /// Reads `5-6-7-8`.
  public init?(_ plain: PlainValue) throws(Failure) {
    guard case .text(let text) = plain else { return nil }
    try self.init(text: text)
  }

  /// The authors' notation.
  public var plain: PlainValue { .text(text) }
}
