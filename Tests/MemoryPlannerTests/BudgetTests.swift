import Basics
import Diagnostics
import Foundation
import Testing

@testable import MemoryPlanner

@Suite("Budgets")
struct BudgetTests {
  /// A folder that stands for `/`, with these files in it.
  private final class Machine {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent(
      "illava-machine-\(UUID().uuidString)")

    init(_ files: [String: String]) throws {
      for (path, text) in files {
        let file = root.appendingPathComponent(path)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
      }
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    func read(_ configured: Int? = nil, held: Int = 0) -> MemoryBudget? {
      BudgetReader(root: root.path).read(configured: configured, held: held)
    }
  }

  private static let mebibyte = 1 << 20
  private static let meminfo = """
    MemTotal:        8388608 kB
    MemFree:          524288 kB
    MemAvailable:    4194304 kB
    SwapFree:       16777216 kB
    """

  @Test("the machine's free memory counts, less a reserve, and no swap")
  func machine() throws {
    let machine = try Machine(["proc/meminfo": Self.meminfo])
    let held = 100 * Self.mebibyte
    #expect(
      machine.read(held: held)
        == MemoryBudget(
          bytes: held + (4096 - 128) * Self.mebibyte, source: .available))
    #expect(machine.read(1 << 30) == MemoryBudget(bytes: 1 << 30, source: .configured()))
    // A limit above the available memory changes nothing.
    #expect(machine.read(1 << 40)?.source == .available)
  }

  @Test("every group above counts in version 2; pages of files are not held")
  func version2() throws {
    let machine = try Machine([
      "proc/meminfo": Self.meminfo, "proc/self/cgroup": "0::/system.slice/illavad.service\n",
      "sys/fs/cgroup/system.slice/illavad.service/memory.max": "max\n",
      "sys/fs/cgroup/system.slice/illavad.service/memory.high": "max\n",
      "sys/fs/cgroup/system.slice/illavad.service/memory.current": "52428800\n",
      "sys/fs/cgroup/system.slice/memory.max": "1073741824\n",
      "sys/fs/cgroup/system.slice/memory.high": "838860800\n",
      "sys/fs/cgroup/system.slice/memory.current": "524288000\n",
      "sys/fs/cgroup/system.slice/memory.stat":
        "anon 209715200\nfile 314572800\ninactive_file 104857600\nactive_file 209715200\n",
    ])
    // 800 MiB high, 500 used of which 300 are pages of files: 600 left.
    #expect(
      machine.read()
        == MemoryBudget(
          bytes: 600 * Self.mebibyte,
          source: .controlGroup("/system.slice", setting: "MemoryHigh of system.slice")))
  }

  @Test("version 1 has a limit of its own and a number that means none")
  func version1() throws {
    let machine = try Machine([
      "proc/self/cgroup": "4:cpu,memory:/box\n2:cpu:/other:with:colons\n0::/\n",
      "sys/fs/cgroup/memory/box/memory.limit_in_bytes": "314572800\n",
      "sys/fs/cgroup/memory/box/memory.usage_in_bytes": "209715200\n",
      "sys/fs/cgroup/memory/box/memory.stat":
        "inactive_file 1\ntotal_inactive_file 31457280\ntotal_active_file 20971520\n",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
      "sys/fs/cgroup/memory/memory.usage_in_bytes": "909715200\n",
    ])
    #expect(
      machine.read(held: 7)
        == MemoryBudget(
          bytes: 150 * Self.mebibyte + 7,
          source: .controlGroup(
            "/box", setting: "memory.limit_in_bytes of the control group /box")))
    #expect(
      BudgetReader(root: machine.root.path).ceiling(configured: nil)
        == MemoryBudget(
          bytes: 314_572_800,
          source: .controlGroup(
            "/box", setting: "memory.limit_in_bytes of the control group /box")))
  }

  @Test("a file that was read again and again leaves the whole limit")
  func readFiles() throws {
    let group = try Machine([
      "proc/self/cgroup": "0::/a.service\n",
      "sys/fs/cgroup/a.service/memory.max": "2097152000\n",
      "sys/fs/cgroup/a.service/memory.current": "1153433600\n",
      // 100 MiB of its own, 1,000 of files, nearly all of them active.
      "sys/fs/cgroup/a.service/memory.stat":
        "anon 104857600\ninactive_file 48576000\nactive_file 1000000000\n",
    ])
    #expect(
      group.read(held: 100 * Self.mebibyte)
        == MemoryBudget(
          bytes: 2000 * Self.mebibyte,
          source: .controlGroup("/a.service", setting: "MemoryMax of a.service")))
  }

  @Test("pressure is the worst of the machine and of the groups above")
  func pressure() throws {
    let calm = "some avg10=9.00 avg60=0.00 avg300=0.00 total=1\nfull avg10=0.50 avg60=0 total=0\n"
    let busy = "some avg10=90.0 avg60=0.00 avg300=0.00 total=1\nfull avg10=42.25 avg60=0 total=0\n"
    let machine = try Machine([
      "proc/pressure/memory": calm, "proc/self/cgroup": "0::/a\n",
      "sys/fs/cgroup/a/memory.current": "5000\n", "sys/fs/cgroup/a/memory.pressure": busy,
    ])
    #expect(BudgetReader(root: machine.root.path).pressure() == 42.25)
    #expect(BudgetReader(root: "/nowhere").pressure() == nil)
    let odd = try Machine(["proc/pressure/memory": "full avg10=nan\nfull\n"])
    #expect(BudgetReader(root: odd.root.path).pressure() == nil)
  }

  @Test("a group that is over its limit leaves nothing, not less")
  func overLimit() throws {
    let machine = try Machine([
      "proc/self/cgroup": "0::/a\n", "sys/fs/cgroup/a/memory.max": "1000\n",
      "sys/fs/cgroup/a/memory.current": "5000\n",
    ])
    #expect(machine.read(held: 10)?.bytes == 10)
  }

  @Test(
    "what cannot be read sets no limit",
    arguments: [
      [:], ["proc/self/cgroup": "garbage\n::\n0:\n"], ["proc/meminfo": "MemAvailable: lots kB\n"],
      ["proc/self/cgroup": "0::/../../..\n", "sys/fs/cgroup/memory.max": "12 34\n"],
    ])
  func unreadable(_ files: [String: String]) throws {
    #expect(try Machine(files).read() == nil)
  }
}
