import FoundationEssentials
import Synchronization
import Testing

@preconcurrency import Glibc
@testable import Spool

/// Moves where a rename is impossible: folders of the inbox on other file systems.
@Suite struct TransferTests {
  private let folder: TemporaryFolder
  private let source: Folder
  private let target: Folder

  init() throws {
    folder = try TemporaryFolder()
    let calls = SystemCalls()
    source = try Folder(path: folder.path, calls: calls).makeFolder("source")
    target = try Folder(path: folder.path, calls: calls).makeFolder("target")
  }

  private func write(_ text: String, _ path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: folder.path + "/" + path))
  }

  private func text(_ path: String) -> String? {
    (try? Data(contentsOf: URL(filePath: folder.path + "/" + path))).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  private func names(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path + "/" + path).sorted()
  }

  @Test func aFileIsWholeAtTheNewPlaceAndGoneAtTheOld() throws {
    // Longer than one copied block.
    let long = String(repeating: "0123456789abcdef", count: 200_000)
    try write(long, "source/a.png")
    let identity = try #require(try source.status("a.png")).identity
    #expect(try Transfer.move(identity, source, "a.png", to: target, "b.png"))
    #expect(text("target/b.png") == long)
    #expect(try names("source") == [])
    #expect(try names("target") == ["b.png"])
  }

  @Test func aFolderGoesWithAllThatIsInIt() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path + "/source/trip/inner", withIntermediateDirectories: true)
    try write("1", "source/trip/1.png")
    try write("2", "source/trip/inner/2.png")
    let identity = try #require(try source.status("trip")).identity
    #expect(try Transfer.move(identity, source, "trip", to: target, "input"))
    #expect(text("target/input/1.png") == "1")
    #expect(text("target/input/inner/2.png") == "2")
    #expect(try names("source") == [])
  }

  @Test func whatIsBroughtIsOnDiskWithoutWhatIsLeftBeforeItGetsItsName() throws {
    let steps = Mutex<[String]>([])
    let calls = SystemCalls { operation, path in
      guard operation == .sync || operation == .rename else { return nil }
      if path.hasSuffix("source/trip") { return EXDEV }
      steps.withLock { $0.append("\(operation) \(path.split(separator: "/").last ?? "")") }
      return nil
    }
    let root = try Folder(path: folder.path, calls: calls)
    let (source, target) = (try root.folder("source"), try root.folder("target"))
    try FileManager.default.createDirectory(
      atPath: folder.path + "/source/trip", withIntermediateDirectories: true)
    try write("1", "source/trip/1.png")
    try write("{}", "source/trip/error.json")
    try Transfer.bring(source, "trip", to: target, "input", without: ["error.json"])
    let seen = steps.withLock(\.self)
    #expect(Set(seen.prefix(2)) == ["sync 1.png", "sync error.json"])
    let expected = [
      "sync .input.new", "sync .input.new", "sync target", "rename .input.new", "sync target",
    ]
    #expect(seen.dropFirst(2) == expected[...])
    #expect(try names("target/input") == ["1.png"])
  }

  @Test func whatWasReplacedMeanwhileStaysWhereItIs() throws {
    try write("old", "source/a.png")
    let identity = try #require(try source.status("a.png")).identity
    try write("new", "source/b.png")
    try #require(rename(folder.path + "/source/b.png", folder.path + "/source/a.png") == 0)
    #expect(try !Transfer.move(identity, source, "a.png", to: target, "a.png"))
    #expect(text("source/a.png") == "new")
    #expect(try names("target") == [])
  }

  @Test func aLinkIsNotFollowed() throws {
    try write("secret", "secret")
    try #require(symlink(folder.path + "/secret", folder.path + "/source/a.png") == 0)
    let identity = try #require(try source.status("a.png")).identity
    #expect(throws: CallFailure.self) {
      try Transfer.move(identity, source, "a.png", to: target, "a.png")
    }
    #expect(text("secret") == "secret")
    #expect(text("target/a.png") == nil)
  }

  @Test(arguments: [SystemCalls.Operation.write, .sync, .rename, .remove, .read])
  func cutShortAnywhereItCanBeDoneAgain(_ operation: SystemCalls.Operation) throws {
    let fault = Faults()
    let calls = SystemCalls { fault.check($0, $1) }
    let root = try Folder(path: folder.path, calls: calls)
    let (source, target) = (try root.folder("source"), try root.folder("target"))
    try write("content", "source/a.png")
    let identity = try #require(try source.status("a.png")).identity
    for place in 0..<4 {
      fault.set(operation, EIO, at: place)
      let isMoved = try? Transfer.move(identity, source, "a.png", to: target, "a.png")
      fault.clear()
      if isMoved == true { break }
      // One of them must be complete.
      #expect(text("target/a.png") ?? text("source/a.png") == "content")
      if text("target/a.png") != nil { break }
    }
    if text("target/a.png") == nil {
      #expect(try Transfer.move(identity, source, "a.png", to: target, "a.png"))
    }
    #expect(text("target/a.png") == "content")
    #expect(try names("target") == ["a.png"])
  }

  @Test(arguments: ["a.png", "trip"])
  func aJobFromAnotherFileSystemIsTakenWhole(_ name: String) throws {
    let spool = try TestSpool()
    if name == "trip" {
      try spool.drop("trip/1.png", "one")
      try spool.drop("trip/job.json", #"{"prompt": "Where?"}"#)
    } else {
      try spool.drop(name, "one")
    }
    spool.fault.set(.rename, EXDEV, at: 0, count: 1, paths: "inbox/\(name)")
    spool.run(seconds: 5)
    #expect(spool.fault.calls == 1)
    #expect(try spool.jobs().map(\.state) == [.done])
    #expect(spool.workers.jobs.count == 1)
    #expect(try spool.names("inbox").filter { $0 == name } == [])
  }

  @Test func aJobFromAnotherFileSystemIsTakenOnceThoughItsOriginalWasStillThere() throws {
    let spool = try TestSpool()
    try spool.drop("trip/1.png", "one")
    try spool.drop("trip/job.json", #"{"prompt": "Where?"}"#)
    spool.fault.set { operation, path in
      guard path.contains("inbox/trip") else { return nil }
      return operation == .rename ? EXDEV : operation == .remove ? EIO : nil
    }
    spool.run(seconds: 3)
    #expect(try spool.names("inbox") == ["trip"])
    spool.fault.clear()
    try spool.restart()
    spool.run(seconds: 3)
    #expect(try spool.jobs().map(\.state) == [.done])
    #expect(spool.workers.jobs.count == 1)
    #expect(try spool.names("inbox") == [])
    #expect(try spool.names("work") == [])
  }

  @Test func aFileThatReplacedAnotherWhileThatWasTakenIsAJobOfItsOwn() throws {
    let spool = try TestSpool()
    try spool.drop("a.png", "old")
    let path = spool.path("inbox/a.png")
    let new = spool.path("new.png")
    try Data("newer".utf8).write(to: URL(filePath: new))
    spool.fault.set { operation, name in
      // Only once: the second time there is nothing to rename.
      if operation == .rename, name.hasSuffix("inbox/a.png") { rename(new, path) }
      return nil
    }
    spool.run(seconds: 4)
    spool.fault.clear()
    spool.run(seconds: 5)
    #expect(try spool.jobs().map(\.state) == [.done])
    #expect(try spool.jobs().first?.claim.media.first?.size == 5)
    #expect(try spool.names("inbox") == [])
  }
}
