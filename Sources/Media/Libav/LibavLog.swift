import CFFmpeg
import Synchronization

/// Collects FFmpeg's messages about the contexts of one file, instead of printing them.
///
/// Contexts carry `token` in their `opaque` field. It is a number and never dereferenced, so a message
/// from another context does no harm.
final class LibavLog: Sendable {
  private struct Registry {
    var next: UInt = 1
    var lines: [UInt: [String]] = [:]
  }
  private static let registry = Mutex(Registry())

  /// FFmpeg has one message handler for the whole process; it is installed at first use.
  private static let install: Void = ill_log_install { owner, text in
    guard let owner, let text else { return }
    let line = String(cString: text).trimmed
    guard !line.isEmpty else { return }
    LibavLog.registry.withLock { registry in
      // The first lines name the cause and the last one the outcome; a damaged video can log thousands
      // in between.
      guard var lines = registry.lines[UInt(bitPattern: owner)] else { return }
      if lines.count == 8 { lines.removeLast() }
      lines.append(line)
      registry.lines[UInt(bitPattern: owner)] = lines
    }
  }

  private let id: UInt

  init() {
    Self.install
    id = Self.registry.withLock { registry in
      let id = registry.next
      registry.next += 1
      registry.lines[id] = []
      return id
    }
  }

  deinit {
    let id = id
    Self.registry.withLock { $0.lines[id] = nil }
  }

  /// The value for a context's `opaque` field that sends its messages here.
  var token: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: id) }

  /// The first seven messages and the last one.
  var lines: [String] { Self.registry.withLock { $0.lines[id] ?? [] } }

  /// `: reason`, from the last message if there is one, otherwise from an error code.
  func reason(_ code: Int32) -> String {
    if let last = lines.last { return ": \(last)" }
    return code < 0 ? ": \(LibavError.text(code))" : ""
  }
}

extension String {
  /// Without spaces and line ends on both sides.
  var trimmed: String {
    let isBlank: (Character) -> Bool = { $0.isWhitespace || $0.isNewline }
    guard let first = firstIndex(where: { !isBlank($0) }),
      let last = lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(self[first...last])
  }
}
