import Testing

@testable import Spool

@Test func idsSortByAge() {
  let ids = JobIDs()
  let list = (0..<3000).map { ids.next(milliseconds: 5000 + $0 / 1000) }
  #expect(list == list.sorted())
  #expect(Set(list).count == list.count)
  #expect(list.allSatisfy(JobIDs.isID))
}
