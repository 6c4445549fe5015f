import Foundation
import Synchronization
import Testing

/// Media files made with the `ffmpeg` command, once per run, in a folder of their own.
enum Fixtures {
  static let folder: URL = {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "illava-media-tests-\(ProcessInfo.processInfo.processIdentifier)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(at: Fixtures.folder) }
    return folder
  }()

  /// Guards `made`; recursive, because one file can be made from another.
  private static let lock = NSRecursiveLock()
  private nonisolated(unsafe) static var made: Set<String> = []

  /// A moving test pattern, 25 frames a second, 2 seconds: 50 frames.
  static let pattern = "testsrc2=size=160x120:rate=25:duration=2"

  /// The path of `name`, made by `ffmpeg -i INPUT OPTIONS name` at the first call.
  static func make(_ name: String, from input: String = pattern, _ options: String = "") throws
    -> String
  {
    try make(name) { path in
      var arguments = ["-f", "lavfi", "-i", input]
      arguments += options.split(separator: " ").map(String.init)
      try ffmpeg(arguments + [path])
    }
  }

  /// The path of `name`, written by `write` at the first call.
  static func make(_ name: String, write: (String) throws -> Void) throws -> String {
    let path = folder.appending(path: name).path
    lock.lock()
    defer { lock.unlock() }
    guard !made.contains(name) else { return path }
    try write(path)
    made.insert(name)
    return path
  }

  /// The path of `name`, holding `bytes`.
  static func make(_ name: String, bytes: [UInt8]) throws -> String {
    try make(name) { try Data(bytes).write(to: URL(filePath: $0)) }
  }

  /// Runs the `ffmpeg` command; its standard output.
  @discardableResult
  static func ffmpeg(_ arguments: [String]) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["ffmpeg", "-y", "-nostdin", "-hide_banner", "-v", "error"] + arguments
    let out = Pipe()
    let errors = Pipe()
    process.standardOutput = out
    // SVT-AV1 prints its settings whatever the level of messages is.
    process.standardError = errors
    let collected = Mutex(Data())
    errors.fileHandleForReading.readabilityHandler = { handle in
      let data = handle.availableData
      collected.withLock { $0.append(data) }
    }
    try process.run()
    let data = out.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    errors.fileHandleForReading.readabilityHandler = nil
    let text = collected.withLock { String(decoding: $0, as: UTF8.self) }
    try #require(process.terminationStatus == 0, "ffmpeg \(arguments): \(text)")
    return [UInt8](data)
  }

  /// All frames of a file as ffmpeg itself decodes them to packed RGB.
  static func rgb(_ path: String, _ options: String = "") throws -> [UInt8] {
    try ffmpeg(
      ["-i", path] + options.split(separator: " ").map(String.init)
        + ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"])
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path)))
  }
}
