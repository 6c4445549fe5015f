import Basics
import Diagnostics
import Spool
import Testing

@testable import WebAPI

@preconcurrency import Glibc

@Suite("Media in the JSON of requests")
struct IntakeTests {
  /// A spool that has only an inbox, removed with the value.
  private final class Inbox {
    let root: String

    init() {
      var template = Array("/tmp/illava-web-XXXXXX".utf8CString)
      root = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
      mkdir(root + "/inbox", 0o700)
    }

    deinit {
      rmdir(root + "/inbox")
      rmdir(root)
    }

    func contents(_ files: IntakeFiles, _ name: String) throws -> [UInt8] {
      let id = try files.submission().id
      let file = try #require(fopen("\(root)/inbox/.\(id).part/\(name)", "r"))
      defer { fclose(file) }
      var bytes = [UInt8](repeating: 0, count: 1 << 20)
      let count = fread(&bytes, 1, bytes.count, file)
      return Array(bytes.prefix(count))
    }
  }

  private func read(_ text: String, _ files: IntakeFiles, pieces: Int = 1 << 20) throws -> String {
    var intake = JSONIntake(files: files)
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      try intake.feed(Array(rest.prefix(pieces)))
      rest = rest.dropFirst(pieces)
    }
    return String(decoding: try intake.finish(), as: UTF8.self)
  }

  @Test("Media go to files, whatever the pieces they come in", arguments: [1, 2, 3, 7, 1000])
  func media(pieces: Int) throws {
    let inbox = Inbox()
    let files = IntakeFiles(root: inbox.root)
    let text =
      #"{"a":"data","b":["data:image/png;base64,aGVsbG8=","x"],"images":["d29y\u0062GQ=","AAEC"],"#
      + #""c":"\u0064ata:video/mp4;base64,\/\/8","dat":"\"data:"}"#
    #expect(
      try read(text, files, pieces: pieces)
        == #"{"a":"data","b":["data:#1","x"],"images":["data:#2","data:#3"],"#
        + #""c":"data:#4","dat":"\"data:"}"#)
    #expect(try inbox.contents(files, "image-1.png") == Array("hello".utf8))
    #expect(try inbox.contents(files, "file-2") == Array("world".utf8))
    #expect(try inbox.contents(files, "file-3") == [0, 1, 2])
    #expect(try inbox.contents(files, "video-4.mp4") == [255, 255])
    files.pending?.discard()
  }

  @Test(
    "What is no medium is refused, and nothing is left in the inbox",
    arguments: [
      #"{"a":"data:image/png,abc"}"#, #"{"a":"data:image/png;base64,a*b"}"#, #"{"a":"data:"#,
      #"{"a":"data:image/png;base64,"}"#, #"{"images":["a"]}"#, #"{"a":"data:x"}"#,
      #"{"a":"data:;base64,YQ==YQ=="}"#,
    ])
  func broken(text: String) throws {
    let inbox = Inbox()
    do {
      let files = IntakeFiles(root: inbox.root)
      #expect(throws: Failure.self) { try read(text, files) }
    }
    // It can be removed only if it is empty.
    #expect(rmdir(inbox.root + "/inbox") == 0)
  }

  @Test("A client cannot name a file that it did not send")
  func forged() throws {
    let inbox = Inbox()
    let files = IntakeFiles(root: inbox.root)
    #expect(throws: Failure.self) { try read(##"{"url":"data:#1"}"##, files) }
    #expect(throws: Failure.self) { try read(##"{"url":"\u0064ata:#1"}"##, files) }
    #expect(throws: Failure.self) { try ChatQuestion.file("http://127.0.0.1/a.png") }
    #expect(throws: Failure.self) { try ChatQuestion.file("file:///etc/passwd") }
  }

  @Test("Deep nesting and endless text are refused")
  func limits() throws {
    let inbox = Inbox()
    let files = IntakeFiles(root: inbox.root)
    #expect(throws: Failure.self) { try read(String(repeating: "[", count: 100), files) }
    #expect(throws: Failure.self) {
      try read("\"" + String(repeating: "x", count: 3 << 20) + "\"", files, pieces: 1 << 16)
    }
  }
}
