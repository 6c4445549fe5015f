/// A bar of blocks.
public enum Bar {
  /// A bar so many columns wide, of which `share` (0 to 1) is filled.
  public static func text(_ share: Double, width: Int) -> String {
    let filled = Int((min(1, max(0, share.isFinite ? share : 0)) * Double(width)).rounded(.down))
    return String(repeating: "█", count: filled) + String(repeating: "·", count: width - filled)
  }
}
