/// How much memory a question may take.
public enum MemoryLimit: Sendable, Equatable {
  /// What is really free: control groups and the machine are asked.
  case automatic
  /// At most this many bytes for the whole process, and never more than is free.
  case bytes(Int)
  /// No planning: the work is done as asked.
  case unplanned

  /// The bytes that were asked for, if any.
  var configured: Int? {
    if case .bytes(let bytes) = self { return bytes }
    return nil
  }
}
