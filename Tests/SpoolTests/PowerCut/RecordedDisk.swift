@testable import Spool

/// A simulated file system to which recorded calls are applied, and which knows what has reached the
/// disk.
///
/// It guarantees no more than POSIX does. `fsync` of a file syncs its content, not its name. `fsync` of
/// a folder syncs the names in it. Everything else may be on disk or not, in any combination, with these
/// exceptions: changes of one name happen in order; a rename within a folder, or of a folder, is
/// complete or has not happened; and a file that is renamed into another folder is, at every moment,
/// under its new name, its old one, or both.
final class RecordedDisk {
  /// A file or a folder.
  final class Node {
    let number: Int
    let inode: UInt64
    let isFolder: Bool
    /// The names in it as programs see them, and as they are guaranteed to be on disk.
    var entries: [BytePath: Int] = [:]
    var durableEntries: [BytePath: Int] = [:]
    /// The bytes that are guaranteed to be on disk.
    var content: [UInt8] = []
    /// The changes since.
    var changes: [ContentChange] = []
    /// Where programs see it.
    var place: (folder: Int, name: BytePath)?

    init(number: Int, inode: UInt64, isFolder: Bool) {
      self.number = number
      self.inode = inode
      self.isFolder = isFolder
    }

    /// All bytes as programs see them.
    var visible: [UInt8] {
      var result = content
      for change in changes { change.apply(to: &result) }
      return result
    }
  }

  /// A change of a file's bytes.
  enum ContentChange {
    case write(offset: Int, bytes: ArraySlice<UInt8>)
    case truncate(size: Int)

    func apply(to content: inout [UInt8]) {
      switch self {
      case .truncate(let size):
        if size <= content.count {
          content.removeLast(content.count - size)
        } else {
          content += [UInt8](repeating: 0, count: size - content.count)
        }
      case .write(let offset, let bytes):
        let end = offset + bytes.count
        if end > content.count {
          content += [UInt8](repeating: 0, count: end - content.count)
        }
        content.withUnsafeMutableBytes { target in
          bytes.withUnsafeBytes {
            UnsafeMutableRawBufferPointer(rebasing: target[offset..<end]).copyMemory(from: $0)
          }
        }
      }
    }
  }

  /// A change of a name that may not be on disk yet.
  struct NameChange {
    let number: Int
    let folder: Int
    let name: BytePath
    /// The node of the name now; `nil` for none.
    let node: Int?
    /// Changes that are on disk whenever this change is.
    var needs: [Int]
  }

  private(set) var nodes: [Node] = []
  /// The changes that may not be on disk, in order.
  private(set) var pending: [NameChange] = []
  private var byInode: [UInt64: Int] = [:]
  private var last: [Place: Int] = [:]
  private var count = 0
  /// Whether the daemon's `fsync` of this path, relative to the spool, is left out.
  var leavesOut: (String, _ isFolder: Bool) -> Bool = { _, _ in false }
  /// Calls that changed the spool and could not be simulated.
  private(set) var unseen: [String] = []

  private struct Place: Hashable {
    let folder: Int
    let name: BytePath
  }

  /// The folder of the spool, which is always there.
  static let root = 0

  func apply(_ call: RecordedCall) {
    switch call {
    case .root(let inode): if nodes.isEmpty { _ = add(inode, isFolder: true) }
    case .mark: break
    case .unseen(let name, let inode): if byInode[inode] != nil { unseen.append(name) }
    case .create(let folder, let name, let inode, let isFolder):
      guard let folder = byInode[folder] else { break }
      change(folder, name, to: add(inode, isFolder: isFolder))
    case .link(let folder, let name, let inode):
      guard let folder = byInode[folder], let node = byInode[inode] else { break }
      change(folder, name, to: node)
    case .remove(let folder, let name):
      guard let folder = byInode[folder], nodes[folder].entries[name] != nil else { break }
      change(folder, name, to: nil)
    case .rename(let from, let name, let to, let newName, let inode, let isFolder):
      guard let from = byInode[from], let to = byInode[to], let node = byInode[inode] else {
        unseen.append("a rename into the spool or out of it: \(name) to \(newName)")
        break
      }
      let new = change(to, newName, to: node)
      let old = change(from, name, to: nil)
      pending[pending.count - 1].needs.append(new)
      if isFolder || from == to { pending[pending.count - 2].needs.append(old) }
      nodes[node].place = (to, newName)
    case .write(let inode, let offset, let bytes):
      guard let node = byInode[inode] else { break }
      nodes[node].changes.append(.write(offset: offset, bytes: bytes))
    case .truncate(let inode, let size):
      guard let node = byInode[inode] else { break }
      nodes[node].changes.append(.truncate(size: size))
    case .sync(let inode, let byDaemon):
      guard let node = byInode[inode],
        !byDaemon || !leavesOut(path(of: node), nodes[node].isFolder)
      else { break }
      sync(nodes[node])
    }
  }

  /// The path of a node as programs see it, relative to the spool.
  func path(of node: Int) -> String {
    guard let place = nodes[node].place else { return "" }
    let parent = path(of: place.folder)
    return parent.isEmpty ? place.name.escaped : parent + "/" + place.name.escaped
  }

  /// The path of a recorded inode.
  func path(ofInode inode: UInt64) -> String { byInode[inode].map { path(of: $0) } ?? "-" }

  /// These changes, and all others that are on disk whenever these are.
  func closure(of chosen: Set<Int>) -> Set<Int> {
    let byNumber = Dictionary(uniqueKeysWithValues: pending.map { ($0.number, $0.needs) })
    var result: Set<Int> = []
    var open = Array(chosen)
    while let number = open.popLast() {
      guard let needs = byNumber[number], result.insert(number).inserted else { continue }
      open += needs
    }
    return result
  }

  private func add(_ inode: UInt64, isFolder: Bool) -> Int {
    let node = Node(number: nodes.count, inode: inode, isFolder: isFolder)
    nodes.append(node)
    byInode[inode] = node.number
    return node.number
  }

  @discardableResult
  private func change(_ folder: Int, _ name: BytePath, to node: Int?) -> Int {
    nodes[folder].entries[name] = node
    if let node { nodes[node].place = (folder, name) }
    count += 1
    let place = Place(folder: folder, name: name)
    pending.append(
      NameChange(
        number: count, folder: folder, name: name, node: node,
        needs: last[place].map { [$0] } ?? []))
    last[place] = count
    return count
  }

  private func sync(_ node: Node) {
    guard node.isFolder else {
      for change in node.changes { change.apply(to: &node.content) }
      node.changes = []
      return
    }
    let own = Set(pending.lazy.filter { $0.folder == node.number }.map(\.number))
    guard !own.isEmpty else { return }
    let all = closure(of: own)
    for change in pending where all.contains(change.number) {
      nodes[change.folder].durableEntries[change.name] = change.node
    }
    pending.removeAll { all.contains($0.number) }
    forgetUnreachable()
  }

  /// Removes nodes that no name on disk leads to, now or after any change.
  private func forgetUnreachable() {
    var children: [Int: [Int]] = [:]
    for change in pending {
      if let node = change.node { children[change.folder, default: []].append(node) }
    }
    var reached: Set<Int> = [Self.root]
    var open = [Self.root]
    while let folder = open.popLast() {
      for child in Array(nodes[folder].durableEntries.values) + (children[folder] ?? [])
      where reached.insert(child).inserted { open.append(child) }
    }
    pending.removeAll { !reached.contains($0.folder) }
  }
}
