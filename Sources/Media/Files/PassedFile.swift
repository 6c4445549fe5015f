/// A file that another process opened and passed on, for a process that may not open files itself: it
/// reads the file through the descriptor.
public enum PassedFile {
  private static let folder = "/dev/fd/"

  /// A path that stands for such a file wherever a path is needed.
  ///
  /// - Parameters:
  ///   - descriptor: open for reading, and left open.
  ///   - name: the file's name, without slashes.
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
