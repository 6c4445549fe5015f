import Diagnostics
import Testing

@preconcurrency import Glibc
@testable import Media

/// Files that are passed on open.
@Suite struct PassedFileTests {
  @Test func aPictureIsReadByItsDescriptorAsByItsPath() throws {
    let path = try Fixtures.make("passed.png", from: Fixtures.pattern, "-frames:v 1")
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let passed = PassedFile.path(descriptor: descriptor, name: "door.png")
    // Several times: reading must not move a shared position or close the descriptor.
    for _ in 0..<2 {
      #expect(try decode(passed).image == decode(path).image)
      #expect(try FileDigest.sha256(path: passed) == FileDigest.sha256(path: path))
    }
    #expect(try MediaKind.probe(passed) == .image)
  }

  @Test func messagesHaveTheNameAndNotTheNumber() {
    let missing = failure { _ = try decode(PassedFile.path(descriptor: 9999, name: "door.png")) }
    #expect(missing?.code == .mediaUnreadable)
    #expect(missing?.message.hasPrefix("door.png cannot be opened") == true)
  }

  @Test(arguments: ["/dev/fd/", "/dev/fd/x/a", "/dev/fd/7", "/dev/fd//a", "/dev/fd/99999999999/a"])
  func otherPathsAreNone(_ path: String) {
    #expect(PassedFile.descriptor(path) == nil)
  }
}
