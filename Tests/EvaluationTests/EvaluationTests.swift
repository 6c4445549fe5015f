import Diagnostics
import Engine
import Foundation
import Merging
import Testing

@testable import Evaluation

@Suite("Evaluations")
struct EvaluationTests {
  private let session: Session

  init() throws { session = try Fixtures.session() }

  private var settings: EvaluationSettings {
    var settings = EvaluationSettings()
    settings.options.maxNewTokens = 3
    return settings
  }

  private func variants(_ text: String, _ retentions: [Double] = []) throws -> [EvaluationVariant] {
    try VariantList.parse(text, retentions: retentions, seed: 1, model: session.model)
  }

  private func log(_ path: String, _ set: DataSet) throws -> EvaluationLog {
    try EvaluationLog(
      path: path,
      header: EvaluationLog.Header(
        data: set.sha256, model: ["model": "1"], settings: settings.description))
  }

  /// The model's answer to a question without merging.
  private func answer(_ question: String, _ picture: String) throws -> String {
    var request = Request(prompt: question)
    request.media = [MediaItem(path: Fixtures.path("media/\(picture)"))]
    request.merging = MergeParameters(profile: .off)
    request.maxNewTokens = settings.options.maxNewTokens ?? 0
    return try session.answer(request).text
  }

  private func line(_ fields: [String: Any]) throws -> String {
    String(decoding: try JSONSerialization.data(withJSONObject: fields), as: UTF8.self) + "\n"
  }

  /// A question answered right without merging, one that cannot be, one with a missing file, a video,
  /// and a damaged line.
  private func dataSet(in folder: TemporaryFolder) throws -> DataSet {
    let picture = Fixtures.path("media/picture0.png")
    let text =
      try line([
        "media": picture, "question": "What?", "answer": try answer("What?", "picture0.png"),
        "skill": "naming",
      ])
      + line([
        "media": picture, "question": "Who?", "answer": "nobody knows", "skill": "naming",
      ]) + line(["media": "gone.png", "question": "Where?", "answer": "away"]) + "damage\n"
      + line([
        "media": Fixtures.path("media/clip.mp4"), "question": "When?", "answer": "never",
      ])
    return try DataSet(path: try folder.write(text, to: "set.jsonl"))
  }

  @Test("all variants side by side: accuracy, tokens, failures, skills, and a JSON of it")
  func sideBySide() throws {
    let folder = try TemporaryFolder()
    let set = try dataSet(in: folder)
    let report = try Evaluation(
      session, set, try variants("off,default,random,resize,published,diverse"),
      settings: settings, log: try log(folder.path + "/log", set)
    ).run()
    #expect(report.rows == 5)
    #expect(report.damaged.map(\.row) == [4])
    for result in report.results {
      #expect(result.problem == nil)
      #expect(result.answers.questions == 3)
      #expect(result.failures.values.reduce(0, +) == 1)
      #expect(result.skills["naming"]?.questions == 2)
      #expect(result.seconds > 0)
      #expect(result.peakBytes > 1 << 20)
    }
    let (off, merged, random, resized) = (
      report.results[0], report.results[1], report.results[2], report.results[3]
    )
    #expect(off.answers.right == 1)
    #expect(abs(off.answers.accuracy - 1.0 / 3) < 1e-9)
    #expect(off.share == 1)
    #expect(merged.share < 0.5)
    // Random selection removes as many. Smaller images have about as many: 8 × 6 groups have no smaller
    // grid for every number.
    #expect(random.visualTokensLeft == merged.visualTokensLeft)
    #expect(random.visualTokensAfterVision == merged.visualTokensAfterVision)
    #expect(abs(resized.visualTokensLeft / merged.visualTokensLeft - 1) < 0.15)
    #expect(resized.visualTokens == off.visualTokens)
    #expect(resized.visualTokensAfterVision == resized.visualTokensLeft)
    let decoded = try JSONDecoder().decode(
      EvaluationReport.self, from: Data(try report.json().utf8))
    #expect(decoded.results.map(\.name) == report.results.map(\.name))
    for word in ["naming", "33.3 %", "1 × media.", "row 4 is not a JSON object"] {
      #expect(report.table.contains(word), "\(word)")
    }
  }

  @Test("a run that was killed goes on: what the log holds is not asked again")
  func resuming() throws {
    let folder = try TemporaryFolder()
    let set = try dataSet(in: folder)
    let path = folder.path + "/log"
    let variants = try variants("off,tuned,random")
    let whole = try Evaluation(
      session, set, variants, settings: settings, log: try log(folder.path + "/other", set)
    ).run()

    var asked = 0
    let failure = #expect(throws: Failure.self) {
      _ = try Evaluation(session, set, variants, settings: settings, log: log(path, set)).run(
        check: { () throws(Failure) in
          asked += 1
          if asked == 6 {
            throw Failure(.fault, code: FailureCode(rawValue: "test.killed"), "killed")
          }
        })
    }
    #expect(failure?.code == FailureCode(rawValue: "test.killed"))
    // The process ended in the middle of a line.
    let full = try Data(contentsOf: URL(fileURLWithPath: path))
    try full.dropLast(20).write(to: URL(fileURLWithPath: path))

    asked = 0
    let resumed = try Evaluation(
      session, set, variants, settings: settings, log: try log(path, set)
    ).run(check: { asked += 1 })
    // Of 12 answers, 5 had been given, and one of them was lost.
    #expect(asked == 8)
    #expect(resumed.results.map(\.answers) == whole.results.map(\.answers))
    #expect(resumed.results.map(\.visualTokensLeft) == whole.results.map(\.visualTokensLeft))

    // Questions that failed are tried again, all others are known; `tuned` is known as `default`.
    asked = 0
    _ = try Evaluation(
      session, set, try self.variants("off,default,tuned,random"), settings: settings,
      log: try log(path, set)
    ).run(check: { asked += 1 })
    #expect(asked == 4)
  }

  @Test("a row that ends the program again and again is passed over in the end")
  func deadlyRow() throws {
    let folder = try TemporaryFolder()
    let set = try dataSet(in: folder)
    let path = folder.path + "/log"
    let off = try variants("off")
    let fingerprint = Fingerprint.text(try #require(off.first).description(for: session.model))
    do { _ = try log(path, set) }
    let header = try String(contentsOfFile: path, encoding: .utf8)
    let begun = "{\"begun\":\"\(fingerprint)\",\"row\":1}\n"
    for (endings, answered) in [(1, 3), (2, 3), (3, 2), (5, 2)] {
      _ = try folder.write(header + String(repeating: begun, count: endings), to: "log")
      let result = try Evaluation(
        session, set, off, settings: settings, log: try log(path, set)
      ).run().results[0]
      #expect(result.answers.questions == answered)
      #expect(result.failures[.evaluationEnded] == (answered == 2 ? 1 : nil))
    }
  }

  @Test("a log of other data, another model or other settings is refused, and can be discarded")
  func differentLog() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/log"
    let header = EvaluationLog.Header(data: "d", model: ["a": "1", "b": "2"], settings: "s")
    do { _ = try EvaluationLog(path: path, header: header) }
    do { _ = try EvaluationLog(path: path, header: header) }
    for (other, word) in [
      (EvaluationLog.Header(data: "x", model: header.model, settings: "s"), "data"),
      (.init(data: "d", model: ["a": "1", "b": "3"], settings: "s"), "model (b)"),
      (.init(data: "d", model: ["a": "1"], settings: "s"), "model (b)"),
      (.init(data: "d", model: header.model, settings: "t"), "settings"),
    ] {
      let failure = #expect(throws: Failure.self) { try EvaluationLog(path: path, header: other) }
      #expect(failure?.code == .evaluationLogDiffers)
      #expect(failure?.message.contains(word) == true)
    }
    let other = EvaluationLog.Header(data: "x", model: [:], settings: "")
    do { _ = try EvaluationLog(path: path, header: other, fresh: true) }
    let open = try EvaluationLog(path: path, header: other)
    let busy = #expect(throws: Failure.self) { try EvaluationLog(path: path, header: other) }
    #expect(busy?.message.contains("in use") == true)
    withExtendedLifetime(open) {}
    let text = try folder.write("dear diary", to: "diary.txt")
    let foreign = #expect(throws: Failure.self) { try EvaluationLog(path: text, header: other) }
    #expect(foreign?.code == .evaluationLog)
    #expect(try String(contentsOfFile: text, encoding: .utf8) == "dear diary")
  }

  @Test("MME: a picture counts when both of its questions are right")
  func yesNo() throws {
    let folder = try TemporaryFolder()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("media/picture0.png")))
    let picture = bytes.base64EncodedString()
    let set = try DataSet(
      path: try folder.write(
        "index\timage\tquestion\tanswer\tcategory\n1\t\(picture)\tQ1?\tYes\texistence\n"
          + "2\t1\tQ2?\tNo\texistence\n3\t1\tQ3?\tYes\tcolor\n4\t\(picture)\tQ4?\tNo\tcolor\n",
        to: "mme.tsv"))
    let before = try temporaryFolders()
    let path = folder.path + "/log"
    _ = try Evaluation(
      session, set, try variants("off"), settings: settings, log: try log(path, set)
    ).run()
    #expect(try foldersLeft(since: before).isEmpty)
    // The random model says neither yes nor no, so correct answers are written into the log.
    var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(
      String.init)
    #expect(lines.count == 1 + 2 * 4)
    for row in [1, 2, 4] {
      lines[2 * row] = lines[2 * row].replacingOccurrences(
        of: "\"right\":false", with: "\"right\":true")
    }
    _ = try folder.write(lines.joined(separator: "\n") + "\n", to: "log")
    let report = try Evaluation(
      session, set, try variants("off"), settings: settings, log: try log(path, set)
    ).run(
      check: { () throws(Failure) in
        throw Failure(.fault, code: FailureCode(rawValue: "test.asked"), "nothing is left to ask")
      })
    let result = try #require(report.results.first)
    #expect(result.yesNo?.right == 3)
    #expect(result.yesNoPictures?.questions == 2)
    #expect(result.yesNoPictures?.right == 1)
    #expect(report.table.contains("accuracy+"))
  }

  private func temporaryFolders() throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: FileManager.default.temporaryDirectory.path
    ).filter { $0.hasPrefix("illava-eval-") }.sorted()
  }

  /// New folders since `before` that stay: other tests create some for a moment, too.
  private func foldersLeft(since before: [String]) throws -> Set<String> {
    var left: Set<String> = []
    for _ in 0..<100 {
      left = Set(try temporaryFolders()).subtracting(before)
      if left.isEmpty { break }
      Thread.sleep(forTimeInterval: 0.1)
    }
    return left
  }

  @Test("base64 that is none leaves nothing behind and stops nothing")
  func badBase64() throws {
    let folder = try TemporaryFolder()
    let picture = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("media/picture0.png")))
      .base64EncodedString()
    let noise = String(repeating: "A", count: 200)
    let set = try DataSet(
      path: try folder.write(
        "index\timage\tquestion\tanswer\n1\t\(noise)\tQ?\tx\n"
          + "2\t\"['\(picture)', '\(String(repeating: "*", count: 99))']\"\tQ?\tx\n3\t\(picture)\tQ?\tx\n",
        to: "set.tsv"))
    let before = try temporaryFolders()
    let report = try Evaluation(
      session, set, try variants("off"), settings: settings,
      log: try log(folder.path + "/log", set)
    ).run()
    #expect(report.results[0].answers.questions == 1)
    #expect(report.results[0].failures[.evaluationBase64] == 1)
    #expect(report.results[0].failures.values.reduce(0, +) == 2)
    #expect(try foldersLeft(since: before).isEmpty)
  }

  @Test("a variant the model cannot run is left out and says why")
  func impossible() throws {
    let folder = try TemporaryFolder()
    let set = try dataSet(in: folder)
    let early = try Fixtures.session("tiny-early")
    let report = try Evaluation(
      early, set, try variants("published,off"), settings: settings,
      log: try log(folder.path + "/log", set)
    ).run(limit: 1)
    #expect(report.rows == 1)
    #expect(report.results[0].problem?.contains("DeepStack") == true)
    #expect(report.results[1].answers.questions == 1)
    #expect(report.table.contains("published was left out"))
  }
}
