/// Files of a folder of the inbox that are no jobs and wait for nothing.
struct LeftAlone {
  /// Why a file is none.
  enum Reason: String, CaseIterable {
    /// It asks about a file that is not there.
    case unmatched
    /// It is JSON of another program.
    case foreign
    /// Its name is on the list of `ignore`.
    case ignored
  }

  /// One of them.
  struct File {
    var path: BytePath
    /// What is said about it, after its path.
    var words: String
  }

  /// The most files of each kind that are named.
  static let most = 30

  /// The number of each kind.
  private(set) var counts: [Reason: Int] = [:]
  /// Some of each kind.
  private(set) var files: [Reason: [File]] = [:]

  /// Adds a file.
  mutating func add(_ path: BytePath, _ reason: Reason, _ words: @autoclosure () -> String) {
    counts[reason, default: 0] += 1
    guard files[reason, default: []].count < Self.most else { return }
    files[reason, default: []].append(File(path: path, words: words()))
  }
}
