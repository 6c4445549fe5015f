/// How much memory a question may take.
public enum MemoryLimit: Sendable, Equatable {
  /// At most what is free, as control groups and the machine report it.
  case automatic
  /// At most this many bytes for the whole process, and never more than is free.
  case bytes(Int)
  /// No planning: the work is done as asked, whatever memory it takes.
  case unplanned

  /// The bytes that were asked for, if any.
  var configured: Int? {
    if case .bytes(let bytes) = self { return bytes }
    return nil
  }
}
