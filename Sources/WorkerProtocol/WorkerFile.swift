/// A file of an answer, as a worker announces it. The worker may not write files: it sends the bytes,
/// and the daemon writes them.
public struct WorkerFile: Codable, Sendable, Equatable {
  /// Its name.
  public var name: String
  /// The number of bytes.
  public var size: Int

  /// A file with a name and a size.
  public init(name: String, size: Int) {
    self.name = name
    self.size = size
  }

  /// Whether the name is allowed for a file of an answer: letters, digits, `-`, `_`, and dots inside.
  public var hasPlainName: Bool {
    let plain = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "_"):
        true
      default: false
      }
    }
    return plain && !name.isEmpty && !name.hasPrefix(".") && name.utf8.count <= 128
  }
}
