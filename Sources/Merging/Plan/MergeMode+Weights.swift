import Options

extension MergeMode {
  /// Whether a row can stand for several rows, which attention has to take into account.
  public var isWeighted: Bool { self == .absorb }
}
