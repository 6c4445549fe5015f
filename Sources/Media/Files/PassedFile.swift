/// A file that another process opened and passed on: the one that may not open files itself reads it
/// by its descriptor.
public enum PassedFile {
  private static let folder = "/dev/fd/"

  /// What stands for such a file wherever a path is asked for.
  ///
  /// - Parameters:
  ///   - descriptor: open for reading, and left open.
  ///   - name: what the file is called, without slashes.
  public static func path(descriptor: Int32, name: String) -> String {
    "\(folder)\(descriptor)/\(name)"
  }

  /// The descriptor that a path stands for, or `nil` for any other path.
  static func descriptor(_ path: String) -> Int32? {
    guard path.hasPrefix(folder) else { return nil }
    let parts = path.dropFirst(folder.count).split(
      separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 ? Int32(parts[0]) : nil
  }
}
