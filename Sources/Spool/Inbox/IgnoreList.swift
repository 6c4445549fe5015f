/// The names that `ignore` in `[inbox]` lists.
struct IgnoreList: Sendable {
  private let patterns: [NamePattern]

  /// The patterns of texts; those that match no name are left out.
  init(_ texts: [String]) { patterns = texts.compactMap { NamePattern($0) } }

  /// The first pattern that lists a name, as it was written; `nil` where none does.
  func pattern(for name: BytePath, isFolder: Bool) -> String? {
    let text = NameText(name)
    return patterns.first { $0.isForFolders == isFolder && $0.matches(text) }?.text
  }
}
