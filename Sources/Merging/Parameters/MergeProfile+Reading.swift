import Options

extension MergeProfile {
  /// Whether a group survives whole if any of its patches is kept, instead of groups being rows.
  public var keepsGroupsOfAnyPatch: Bool { self == .published }
  /// Whether survivors take the segment's first positions instead of keeping their own.
  public var truncatesPositions: Bool { self == .published }
}
