import Options

extension MergeMode {
  /// Whether rows stand for others, which attention has to know.
  public var isWeighted: Bool { self == .absorb }
}
