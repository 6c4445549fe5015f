import FoundationEssentials

@testable import Spool

/// A change that a call made to a spool. Files and folders are identified by their inode in the
/// recorder.
enum RecordedCall {
  case create(folder: UInt64, name: BytePath, inode: UInt64, isFolder: Bool)
  case rename(
    from: UInt64, name: BytePath, to: UInt64, newName: BytePath, inode: UInt64, isFolder: Bool)
  case link(folder: UInt64, name: BytePath, inode: UInt64)
  case remove(folder: UInt64, name: BytePath)
  case write(inode: UInt64, offset: Int, bytes: ArraySlice<UInt8>)
  case truncate(inode: UInt64, size: Int)
  case sync(inode: UInt64, byDaemon: Bool)
  /// A mark of the script: a word and its arguments.
  case mark([String])
  /// The folder of the spool.
  case root(inode: UInt64)
  /// A call that the recorder cannot describe.
  case unseen(String, inode: UInt64)

  /// Reads the record that `Tests/power-cut/recorder.c` wrote.
  static func read(_ path: String) throws -> [RecordedCall] {
    let all = [UInt8](try Data(contentsOf: URL(filePath: path)))
    var calls: [RecordedCall] = []
    var at = 0
    while at < all.count {
      guard let header = Header(all, at) else { throw RecordDamage(place: at) }
      at += Header.size
      guard header.rest <= all.count - at else { throw RecordDamage(place: at) }
      let name1 = BytePath(bytes: all[at..<at + header.length1])
      let name2 = BytePath(bytes: all[at + header.length1..<at + header.length1 + header.length2])
      let data = all[at + header.length1 + header.length2..<at + header.rest]
      guard let call = header.call(name1, name2, data) else { throw RecordDamage(place: at) }
      calls.append(call)
      at += header.rest
    }
    return calls
  }

  /// The record is not in the recorder's format.
  struct RecordDamage: Error {
    let place: Int
  }

  /// The header of each entry; its numbers are those of `enum kind` in the recorder.
  private struct Header {
    static let size = 56
    let kind: UInt32
    let isFolder: Bool
    let isDaemon: Bool
    let length1: Int
    let length2: Int
    let inode1: UInt64
    let inode2: UInt64
    let inode3: UInt64
    let offset: Int
    let size: Int

    var rest: Int { length1 + length2 + size }

    init?(_ bytes: [UInt8], _ at: Int) {
      guard bytes.count - at >= Self.size else { return nil }
      (kind, isFolder, isDaemon, length1, length2, inode1, inode2, inode3, offset, size) =
        bytes.withUnsafeBytes { all in
          func word(_ place: Int) -> UInt32 {
            all.loadUnaligned(fromByteOffset: at + place, as: UInt32.self)
          }
          func long(_ place: Int) -> UInt64 {
            all.loadUnaligned(fromByteOffset: at + place, as: UInt64.self)
          }
          return (
            word(0), word(4) & 0xFFFF != 0, word(4) >> 16 != 0, Int(word(8)), Int(word(12)),
            long(16), long(24), long(32),
            Int(clamping: long(40)), Int(clamping: long(48))
          )
        }
    }

    func call(_ name1: BytePath, _ name2: BytePath, _ data: ArraySlice<UInt8>) -> RecordedCall? {
      switch kind {
      case 1, 2: .create(folder: inode1, name: name1, inode: inode2, isFolder: kind == 2)
      case 3:
        .rename(
          from: inode1, name: name1, to: inode2, newName: name2, inode: inode3, isFolder: isFolder)
      case 4: .link(folder: inode1, name: name1, inode: inode2)
      case 5: .remove(folder: inode1, name: name1)
      case 6: .write(inode: inode1, offset: offset, bytes: data)
      case 7: .truncate(inode: inode1, size: offset)
      case 8: .sync(inode: inode1, byDaemon: isDaemon)
      case 9:
        .mark(
          String(decoding: name1.bytes, as: UTF8.self)
            .split(separator: "\t", omittingEmptySubsequences: false).map(String.init))
      case 10: .unseen(String(decoding: name1.bytes, as: UTF8.self), inode: inode1)
      case 11: .root(inode: inode1)
      default: nil
      }
    }
  }
}
