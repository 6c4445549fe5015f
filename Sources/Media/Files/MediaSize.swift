import Diagnostics

/// How large files are before anything reads them.
public enum MediaSize {
  /// Refuses a picture whose file has more bytes than a picture may have.
  ///
  /// - Throws: `media.too-large`, and what keeps the file from being opened.
  public static func checkImage(path: String, limits: MediaLimits) throws(Failure) {
    let file = try SourceFile(path: path)
    try MediaLimits.check(bytes: file.size, most: limits.maxImageBytes, name: file.name)
  }
}
