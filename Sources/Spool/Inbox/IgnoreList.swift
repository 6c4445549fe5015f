/// The names that `ignore` in `[inbox]` lists.
struct IgnoreList: Sendable {
  /// Patterns such as `*.xmp` for files, by what follows the star. There are many of them and many
  /// names, so they are looked up.
  private var endings: [[UInt8]: String] = [:]
  private var others: [NamePattern] = []

  /// The patterns of texts; those that match no name are left out.
  init(_ texts: [String]) {
    for pattern in texts.compactMap({ NamePattern($0) }) {
      if !pattern.isForFolders, let ending = pattern.ending, ending.first == Self.dot {
        endings[ending] = endings[ending] ?? pattern.text
      } else {
        others.append(pattern)
      }
    }
  }

  private static let dot = UInt8(ascii: ".")

  /// A pattern that lists a name, as it was written; `nil` where none does.
  func pattern(for name: NameText, isFolder: Bool) -> String? {
    if !isFolder, !endings.isEmpty {
      for index in name.bytes.indices where name.bytes[index] == Self.dot {
        if let pattern = endings[Array(name.bytes[index...])] { return pattern }
      }
    }
    return others.first { $0.isForFolders == isFolder && $0.matches(name) }?.text
  }
}
