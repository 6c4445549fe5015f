/// The version of illava.
public enum ProgramVersion {
  /// The version in words, such as `0.1.0`.
  public static let text = "0.1.0"
}
