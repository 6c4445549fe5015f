import Options

extension MergeProfile {
  /// Whether the rows to choose between are patches, and a group survives whole if any of its patches is
  /// kept; otherwise the rows are groups.
  public var keepsGroupsOfAnyPatch: Bool { self == .published }
  /// Whether survivors take the segment's first positions instead of keeping their own.
  public var truncatesPositions: Bool { self == .published }
}
