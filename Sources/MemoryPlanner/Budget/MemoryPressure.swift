/// How much work waits because memory is short (`/proc/pressure`, PSI).
enum MemoryPressure {
  /// Percent of the last ten seconds in which every process waited for memory: the `full` line's
  /// `avg10`.
  ///
  /// - Returns: `nil` for text that has no such line.
  static func full(_ text: String) -> Double? {
    for line in text.split(separator: "\n") where line.hasPrefix("full ") {
      for word in line.split(separator: " ") where word.hasPrefix("avg10=") {
        return Double(word.dropFirst("avg10=".count)).flatMap { $0.isFinite ? $0 : nil }
      }
    }
    return nil
  }
}
