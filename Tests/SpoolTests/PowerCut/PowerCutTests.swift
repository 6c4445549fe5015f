import Diagnostics
import FoundationEssentials
import Testing

@preconcurrency import Glibc
@testable import Spool

/// Cuts the power after calls of a real daemon, and starts on what may be left of its disk.
///
/// `Tests/power-cut/run.sh` makes the records and calls this; without records there is nothing to do.
@Suite(.enabled(if: !PowerCutRun.records.isEmpty)) struct PowerCutTests {
  /// The reader must be sure that the recorder missed nothing.
  @Test(arguments: PowerCutRun.records) func theRecordEndsAsTheFilesAre(_ record: String) throws {
    let disk = RecordedDisk()
    for call in try RecordedCall.read(record) { disk.apply(call) }
    #expect(disk.unseen == [])
    #expect(try difference(disk, disk.nodes[RecordedDisk.root], record + ".spool") == [])
  }

  @Test(arguments: PowerCutRun.parts) func behindEveryCutAllJobsAreThereOnce(
    _ part: PowerCutRun.Part
  ) throws {
    let record = try Record(part.record)
    let cuts = PowerCutRun.cuts / PowerCutRun.parts.count + 1
    let count = record.calls.count
    let range =
      count * part.index / PowerCutRun.partsOfEach..<count * (part.index + 1)
      / PowerCutRun.partsOfEach
    let problems = try record.problems(
      cuts: cuts, in: range, seed: PowerCutRun.seed &+ UInt64(part.index), stopsAtFirst: false)
    // The first problem of each kind is enough.
    var kinds: Set<String> = []
    for problem in problems where kinds.insert(problem.text).inserted {
      Issue.record("\(problem)")
    }
  }

  /// Also notices syncs that are useless: without them nothing is lost.
  @Test(arguments: Mutant.allCases) func whatIsNotBroughtToDiskIsMissed(_ mutant: Mutant) throws {
    for record in PowerCutRun.records {
      let record = try Record(record)
      let problems = try record.problems(
        cuts: 400, in: 0..<record.calls.count, seed: PowerCutRun.seed, leavingOut: mutant.leavesOut,
        stopsAtFirst: true)
      if let first = problems.first {
        print("without \(mutant.rawValue): \(first)")
        return
      }
    }
    Issue.record("nothing is lost without bringing to disk: \(mutant.rawValue)")
  }

  /// Where the files differ from the record, by path.
  private func difference(
    _ disk: RecordedDisk, _ folder: RecordedDisk.Node, _ path: String
  ) throws -> [String] {
    var result: [String] = []
    let ignored = ["state.sqlite-shm", "control.sock"]
    let real = try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { !ignored.contains($0) }
    let names = folder.entries.keys.map { String(decoding: $0.bytes, as: UTF8.self) }
      .filter { !ignored.contains($0) }
    if Set(names) != Set(real) {
      result.append("\(path): \(names.sorted()), in truth \(real.sorted())")
    }
    for (name, number) in folder.entries {
      let (node, inner) = (disk.nodes[number], path + "/" + name.escaped)
      if node.isFolder {
        result += try difference(disk, node, inner)
      } else if let truth = try? Data(contentsOf: URL(filePath: inner)),
        !ignored.contains(name.escaped), [UInt8](truth) != node.visible
      {
        result.append("\(inner): \(node.visible.count) bytes, in truth others: \(truth.count)")
      }
    }
    return result
  }
}
