import Diagnostics
import Options
import Testing
import WorkerProtocol

@testable import Spool

/// Jobs that bring their conversation and their files along.
@Suite struct ConversationTests {
  @Test func aJobBringsItsTurnsAndItsPictures() throws {
    let spool = try TestSpool()
    try spool.drop("a.png")
    try spool.drop(
      "a.job.json",
      #"""
      {"media": ["a.png"], "prompts": ["And now?"], "visualize": "none",
       "turns": [{"question": "Who?", "answer": "A man."}]}
      """#)
    spool.run(seconds: 4)
    let asked = try #require(spool.workers.jobs.last)
    #expect(asked.turns == [JobTurn(question: "Who?", answer: "A man.")])
    #expect(asked.visualize == "none" && asked.prompts == ["And now?"])
  }

  @Test func aQuestionMayNeedNoMedia() throws {
    let spool = try TestSpool()
    try spool.drop("a.job.json", #"{"media": [], "prompts": ["Hello?"]}"#)
    try spool.drop("b.job.json", #"{"media": []}"#)
    spool.run(seconds: 4)
    #expect(spool.workers.jobs.map(\.prompts) == [["Hello?"]])
    #expect(try spool.job("b.job.json")?.error?.code == .jobMedia)
  }

  @Test(arguments: [
    #"{"turns": 1}"#, #"{"turns": [1]}"#, #"{"turns": [{"question": "a"}]}"#,
    #"{"turns": [{"question": "a", "answer": 1}]}"#,
    #"{"turns": [{"question": "a", "answer": "b", "c": "d"}]}"#, #"{"visualize": "some"}"#,
    #"{"visualize": 1}"#,
  ])
  func whatIsWrongIsRefused(_ text: String) {
    #expect(throws: Failure.self) { try JobDocument(json: Array(text.utf8), source: "x") }
  }

  @Test func filesArriveInTheInboxPieceByPiece() throws {
    let spool = try TestSpool()
    let pending = try PendingSubmission(root: spool.folder.path)
    do {
      // What is open for writing is not taken.
      let file = try pending.file(named: "../a/door.png")
      try file.write(Array("con".utf8))
      spool.run(seconds: 4)
      try file.write(Array("tent".utf8))
      try pending.finish(file)
    }
    // The daemon has seen nothing of it yet.
    #expect(try spool.jobs().isEmpty)
    var submission = Submission(root: spool.folder.path)
    submission.prompts = ["Who?"]
    submission.members = ["profile": .text("off")]
    try pending.submit(submission)
    spool.run(seconds: 4)
    let job = try #require(try spool.jobs().first)
    #expect(job.name == "door.png" && job.state == .done)
    #expect(spool.workers.contents == [["content"]])
    #expect(throws: Failure.self) { try pending.submit(submission) }
  }

  @Test func whatIsNotHandedInLeavesNothing() throws {
    let spool = try TestSpool()
    do {
      let pending = try PendingSubmission(root: spool.folder.path)
      _ = try pending.file(named: "job.json")
      #expect(pending.names == ["file-job-2.json.media"])
      var submission = Submission(root: spool.folder.path)
      submission.prompts = [" "]
      #expect(throws: Failure.self) { try pending.submit(submission) }
    }
    #expect(try spool.names("inbox").isEmpty)
  }

  @Test func whatIsWrittenIsTheTextOfTheCurrentQuestion() {
    var written = WrittenText()
    for (prompt, text) in [(0, "a"), (0, "b"), (1, "c"), (1, "d")] {
      written.add(WorkerText(prompt: prompt, text: text))
    }
    #expect(written.text == "cd")
    written.add(WorkerText(prompt: 1, text: String(repeating: "x", count: 1 << 17)))
    #expect(written.text == "cd")
  }
}
