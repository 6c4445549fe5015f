import FoundationEssentials
import Testing

@preconcurrency import Glibc
@testable import Spool

/// Submitting files, and the remains of an interrupted submission.
@Suite struct SubmissionTests {
  @Test func whatAKilledSubmitLeftIsRemoved() throws {
    let spool = try TestSpool()
    let id = JobIDs().next(milliseconds: 1)
    try spool.drop(".\(id).part/big.mp4")
    try spool.drop(".other.part/big.mp4")
    try spool.restart()
    #expect(try spool.names("inbox") == [".other.part"])
  }

  @Test func whatASubmitIsAtWorkOnStays() throws {
    let spool = try TestSpool()
    let id = JobIDs().next(milliseconds: 1)
    try spool.drop(".\(id).part/big.mp4")
    let folder = try spool.spooler.layout.inbox.folder(BytePath(".\(id).part"))
    #expect(flock(folder.descriptor, LOCK_EX) == 0)
    try spool.spooler.reconciler.removeAbandoned()
    #expect(try spool.names("inbox") == [".\(id).part"])
    flock(folder.descriptor, LOCK_UN)
    try spool.spooler.reconciler.removeAbandoned()
    #expect(try spool.names("inbox") == [])
  }

  @Test func aSubmitHoldsItsFolderAndLeavesOneJob() throws {
    let spool = try TestSpool()
    let path = spool.path("picture.png")
    try Data("content".utf8).write(to: URL(filePath: path))
    let id = try Submission(root: spool.folder.path).submit([path])
    try spool.spooler.reconciler.removeAbandoned()
    #expect(try spool.names("inbox") == [id])
    spool.run(seconds: 4)
    #expect(try spool.jobs().count == 1)
  }
}
