import FoundationEssentials

/// A folder for the files of one test, removed with the last reference.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    // In memory if possible, because otherwise the tests wait for thousands of fsyncs.
    let memory = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : "/tmp"
    let parent = ProcessInfo.processInfo.environment["TMPDIR"] ?? memory
    path = "\(parent)/illava-spool-\(UUID().uuidString.prefix(13))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
