import Basics
import Synchronization
import Testing

@preconcurrency import Glibc

@Suite struct SystemTests {
  private final class Flag: Sendable {
    let isSet = Atomic(false)
  }

  @Test func fieldsOfTheSystemAreRead() throws {
    let files = SystemFiles()
    let peak = try #require(files.field("VmHWM", of: "/proc/self/status"))
    #expect(peak > 1000 && peak < 1 << 30)
    #expect(files.field("VmH", of: "/proc/self/status") == nil)
    #expect(files.field("VmHWM", of: "/proc/self/none") == nil)
  }

  @Test func aThreadDoesItsWork() {
    let flag = Flag()
    #expect(DetachedThread.start { flag.isSet.store(true, ordering: .releasing) } == 0)
    for _ in 0..<10_000 where !flag.isSet.load(ordering: .acquiring) { usleep(1000) }
    let isSet = flag.isSet.load(ordering: .acquiring)
    #expect(isSet)
  }
}
