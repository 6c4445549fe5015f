import Diagnostics

/// Checks on file sizes before anything is read.
public enum MediaSize {
  /// Refuses an image file with too many bytes.
  ///
  /// - Throws: `media.too-large`, or the reason why the file cannot be opened.
  public static func checkImage(path: String, limits: MediaLimits) throws(Failure) {
    let file = try SourceFile(path: path)
    try MediaLimits.check(bytes: file.size, most: limits.maxImageBytes, name: file.name)
  }
}
