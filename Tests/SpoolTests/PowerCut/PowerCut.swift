import Basics

@preconcurrency import Glibc
@testable import Spool

/// The contents of a disk after a power cut: everything guaranteed, and a random part of the rest.
struct PowerCut {
  private let disk: RecordedDisk
  private var numbers: SplitMix64
  private var names: [Int: [BytePath: Int]] = [:]
  private var contents = Share.none

  /// How much of what is not guaranteed has reached the disk.
  private enum Share: CaseIterable {
    case none, all, some
  }

  /// The paths of files with more than one name.
  private var laid: [Int: String] = [:]
  /// The new inode for each recorded one.
  private var inodes: [UInt64: UInt64] = [:]
  private var claims: [String] = []

  /// Cuts the power now.
  init(_ disk: RecordedDisk, seed: UInt64) {
    self.disk = disk
    numbers = SplitMix64(seed: seed)
    choose()
  }

  private mutating func choose() {
    let pending = disk.pending
    var chosen: Set<Int> = []
    switch Int.random(in: 0..<6, using: &numbers) {
    case 0: break
    case 1: chosen.formUnion(pending.map(\.number))
    case 2:
      // As a journaling file system does: earlier changes reach the disk first.
      let count = Int.random(in: 0...pending.count, using: &numbers)
      chosen.formUnion(pending.prefix(count).map(\.number))
    case 3:
      // All but a few.
      chosen.formUnion(pending.map(\.number))
      for _ in 0..<Int.random(in: 1...3, using: &numbers) {
        guard let lost = pending.randomElement(using: &numbers) else { break }
        // Later changes of the same name are lost, too.
        chosen.subtract(
          pending.filter {
            $0.folder == lost.folder && $0.name == lost.name && $0.number >= lost.number
          }.map(\.number))
      }
    default:
      let share = Double.random(in: 0...1, using: &numbers)
      chosen.formUnion(
        pending.filter { _ in Double.random(in: 0..<1, using: &numbers) < share }.map(\.number))
    }
    chosen = disk.closure(of: chosen)
    for node in disk.nodes where node.isFolder { names[node.number] = node.durableEntries }
    for change in pending where chosen.contains(change.number) {
      names[change.folder, default: [:]][change.name] = change.node
    }
    contents = Share.allCases.randomElement(using: &numbers) ?? .none
  }

  /// Writes the disk's contents into an existing empty folder.
  mutating func lay(into path: String) throws {
    try lay(disk.nodes[RecordedDisk.root], path)
    // A claim identifies its files by their inodes, which are different here.
    for claim in claims { try renumber(claim) }
  }

  private mutating func lay(_ folder: RecordedDisk.Node, _ path: String) throws {
    note(folder, path)
    for (name, number) in (names[folder.number] ?? [:]).sorted(by: {
      $0.key.bytes.lexicographicallyPrecedes($1.key.bytes)
    }) {
      let node = disk.nodes[number]
      let inner = path + "/" + String(decoding: name.bytes, as: UTF8.self)
      if node.isFolder {
        try Self.check(mkdir(inner, 0o770), inner)
        try lay(node, inner)
      } else if let first = laid[number] {
        try Self.check(Glibc.link(first, inner), inner)
      } else {
        try Self.write(content(of: node), to: inner)
        laid[number] = inner
        note(node, inner)
      }
      if name == JobClaim.fileName { claims.append(inner) }
    }
  }

  private mutating func note(_ node: RecordedDisk.Node, _ path: String) {
    var status = stat()
    if stat(path, &status) == 0 { inodes[node.inode] = UInt64(status.st_ino) }
  }

  /// The bytes of a file that reached the disk.
  private mutating func content(of node: RecordedDisk.Node) -> [UInt8] {
    var result = node.content
    let share = contents == .some ? Share.allCases.randomElement(using: &numbers) : contents
    switch share ?? .none {
    case .none: break
    case .all: result = node.visible
    case .some:
      let isPrefix = Bool.random(using: &numbers)
      let count = Int.random(in: 0...node.changes.count, using: &numbers)
      for change in isPrefix ? node.changes.prefix(count) : node.changes[...] {
        switch change {
        case .truncate: change.apply(to: &result)
        case .write(let offset, let bytes):
          // In sectors, some of which may have been written and others not.
          for start in stride(from: 0, to: bytes.count, by: 512)
          where isPrefix || Bool.random(using: &numbers) {
            let sector = bytes.dropFirst(start).prefix(512)
            RecordedDisk.ContentChange.write(offset: offset + start, bytes: sector)
              .apply(to: &result)
          }
        }
      }
    }
    return result
  }

  private func renumber(_ claim: String) throws {
    let path = BytePath(claim)
    let folder = try Folder(
      path: String(decoding: path.parent.bytes, as: UTF8.self).withRoot, calls: SystemCalls())
    let text = String(decoding: try folder.contents(path.last, limit: 1 << 24), as: UTF8.self)
    let device = try folder.status().identity.device
    let changed = Self.replacing(
      "\"inode\":", in: Self.replacing("\"device\":", in: text) { _ in device }
    ) { inodes[$0] ?? 0 }
    try Self.write(Array(changed.utf8), to: claim)
  }

  /// Replaces every number after a key.
  private static func replacing(
    _ key: String, in text: String, by new: (UInt64) -> UInt64
  ) -> String {
    var result = ""
    for (index, piece) in text.split(separator: key, omittingEmptySubsequences: false).enumerated()
    {
      guard index > 0 else {
        result += piece
        continue
      }
      let digits = piece.prefix { $0.isNumber }
      result += key + String(new(UInt64(digits) ?? 0)) + piece.dropFirst(digits.count)
    }
    return result
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o660)
    try check(file, path)
    defer { close(file) }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(file, $0.baseAddress?.advanced(by: done), bytes.count - done)
      }
      try check(Int32(clamping: count), path)
      done += count
    }
  }

  private static func check(_ result: Int32, _ path: String) throws {
    if result < 0 { throw CallFailure(operation: .write, path: path, number: errno) }
  }
}

extension String {
  /// The path with a slash before it: the parts of a path do not say whether it had one.
  fileprivate var withRoot: String { hasPrefix("/") ? self : "/" + self }
}
