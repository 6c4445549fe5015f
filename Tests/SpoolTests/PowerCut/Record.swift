import Basics
import Diagnostics
import FoundationEssentials

@testable import Spool

/// A record of `Tests/power-cut/record.sh`, and the results of power cuts in it.
struct Record {
  let path: String
  let calls: [RecordedCall]
  let settings: Settings
  /// All promises at the end of the record.
  let all: Promises

  /// A problem after a cut, and the cut.
  struct Problem: CustomStringConvertible {
    let place: String
    let text: String
    var description: String { "\(place): \(text)" }
  }

  init(_ path: String) throws {
    self.path = path
    calls = try RecordedCall.read(path)
    settings = try SpoolPlace(spool: "/", configuration: path + ".toml", environment: [:])
      .settings()
    var all = Promises()
    for case .mark(let mark) in calls { all.take(mark) }
    self.all = all
  }

  /// Cuts the power and checks what is left.
  ///
  /// - Parameters:
  ///   - range: the calls after which to cut.
  ///   - leavingOut: paths whose `fsync` by the daemon is taken out of the record.
  /// - Returns: the problems.
  func problems(
    cuts: Int, in range: Range<Int>, seed: UInt64,
    leavingOut: @escaping (String, Bool) -> Bool = { _, _ in false }, stopsAtFirst: Bool
  ) throws -> [Problem] {
    let disk = RecordedDisk()
    disk.leavesOut = leavingOut
    var promises = Promises()
    let digests = Digests()
    var problems: [Problem] = []
    var places = places(cuts, range, seed)[...]
    for (index, call) in calls.enumerated() {
      while let (place, seed) = places.first, place == index {
        places.removeFirst()
        let place = "\(path), before call \(index) (\(describing(call, disk))), seed \(seed)"
        problems += try cut(disk, promises, seed, digests).map { Problem(place: place, text: $0) }
        if stopsAtFirst, !problems.isEmpty { return problems }
      }
      disk.apply(call)
      if case .mark(let mark) = call { promises.take(mark) }
    }
    return problems
  }

  /// The places and seeds of cuts: spread evenly, half of them right before a sync or a rename.
  private func places(
    _ count: Int, _ range: Range<Int>, _ seed: UInt64
  ) -> [(place: Int, seed: UInt64)] {
    var numbers = SplitMix64(seed: seed)
    return (0..<count).map { index in
      let stretch =
        range.lowerBound + range.count * index / count..<range.lowerBound
        + max(range.count * index / count + 1, range.count * (index + 1) / count)
      var place = Int.random(in: stretch, using: &numbers)
      if Bool.random(using: &numbers) {
        place = calls[place...].firstIndex { !$0.isWrite } ?? place
      }
      return (place, numbers.next())
    }.sorted { $0.place < $1.place }
  }

  private func cut(
    _ disk: RecordedDisk, _ promises: Promises, _ seed: UInt64, _ digests: Digests
  ) throws -> [String] {
    guard !disk.nodes.isEmpty else { return [] }
    let folder = try TemporaryFolder()
    do {
      var cut = PowerCut(disk, seed: seed)
      try cut.lay(into: folder.path)
      let spool = try CutSpool(path: folder.path, settings: settings, digests: digests)
      guard try spool.run() else { return ["does not come to rest: \(spool.messages.suffix(3))"] }
      return try CutCheck(spool, promises, all: all).problems
    } catch {
      return ["\(Failure.describing(error))"]
    }
  }

  private func describing(_ call: RecordedCall, _ disk: RecordedDisk) -> String {
    switch call {
    case .create(_, let name, _, let isFolder): "create \(name)\(isFolder ? "/" : "")"
    case .rename(_, let name, _, let newName, _, _): "rename \(name) to \(newName)"
    case .link(_, let name, _): "link \(name)"
    case .remove(_, let name): "remove \(name)"
    case .write(let inode, let offset, let bytes):
      "write \(bytes.count) bytes at \(offset) of \(disk.path(ofInode: inode))"
    case .truncate(let inode, let size): "truncate \(disk.path(ofInode: inode)) to \(size)"
    case .sync(let inode, _): "sync \(disk.path(ofInode: inode))"
    case .mark(let mark): "\(mark)"
    case .root, .unseen: "-"
    }
  }
}

extension RecordedCall {
  fileprivate var isWrite: Bool {
    switch self {
    case .write, .create, .mark, .root, .unseen: true
    case .rename, .link, .remove, .truncate, .sync: false
    }
  }
}
