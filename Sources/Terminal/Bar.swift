/// A progress bar of block characters.
public enum Bar {
  /// A bar of `width` columns, filled up to `share` (0 to 1).
  public static func text(_ share: Double, width: Int) -> String {
    let filled = Int((min(1, max(0, share.isFinite ? share : 0)) * Double(width)).rounded(.down))
    return String(repeating: "█", count: filled) + String(repeating: "·", count: width - filled)
  }
}
