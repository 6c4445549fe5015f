import CLinux
import Diagnostics

@preconcurrency import Glibc

extension Folder {
  /// Folders below this depth are not counted; only an attacker creates any.
  private static let deepest = 64

  /// The bytes on disk of a file or a folder with everything below it.
  ///
  /// Blocks are counted, not lengths, because a file of 1 TiB may be one hole. A file with several names
  /// counts with its share, so that all of its names together count once.
  func diskUse(_ name: BytePath) throws -> Int {
    guard let first = try blocks(name) else { return 0 }
    var sum = first.bytes
    var rest = first.isFolder ? [(path: name, depth: 1)] : []
    // Only one folder is open at a time, whatever the depth.
    while let (path, depth) = rest.popLast() {
      let current: Folder
      do {
        current = try folder(path)
      } catch let failure as CallFailure where failure.number == ENOENT {
        continue
      }
      for child in try current.names() {
        guard let found = try current.blocks(child) else { continue }
        sum = sum.addingClamped(found.bytes)
        if found.isFolder, depth < Self.deepest { rest.append((path.appending(child), depth + 1)) }
      }
    }
    return sum
  }

  /// The blocks of a file or of a folder by itself; `nil` if it does not exist.
  private func blocks(_ name: BytePath) throws -> (bytes: Int, isFolder: Bool)? {
    var result = stat()
    do {
      try inParent(of: name) { folder, last in
        try calls.call(.status, folder.shown(last)) {
          last.withCString { fstatat(folder.descriptor, $0, &result, AT_SYMLINK_NOFOLLOW) }
        }
      }
    } catch let failure as CallFailure where failure.number == ENOENT {
      return nil
    }
    let isFolder = result.st_mode & S_IFMT == S_IFDIR
    // stat(2) counts in units of 512 bytes, whatever the file system's block size.
    let bytes = Int(result.st_blocks).multipliedClamped(by: 512)
    return (isFolder ? bytes : bytes / max(1, Int(result.st_nlink)), isFolder)
  }
}

/// The parts of a file that are not holes.
enum FileData {
  /// Files in more pieces than this count as having no holes.
  private static let maxPieces = 10_000

  /// The bytes of an open file that are not holes, counted until there are `enough`.
  ///
  /// - Returns: `nil` where the file system cannot tell, and for files in very many pieces.
  static func bytes(_ file: Int32, enough: Int) -> Int? {
    var sum = 0
    var place: Int64 = 0
    for _ in 0..<maxPieces {
      guard sum < enough else { return sum }
      let start = linux_next_data(file, place)
      guard start >= 0 else { return errno == ENXIO ? sum : nil }
      let end = linux_next_hole(file, start)
      guard end > start else { return nil }
      sum = sum.addingClamped(Int(end - start))
      place = end
    }
    return nil
  }
}
