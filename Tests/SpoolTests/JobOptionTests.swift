import Diagnostics
import FoundationEssentials
import Options
import Testing

@testable import Spool

/// Options in job files, in settings and on the command line of `illava submit`.
@Suite struct JobOptionTests {
  private func options(_ json: String) throws(Failure) -> QuestionOptions {
    try JobDocument(json: Array(json.utf8), source: "a.json").options
  }

  @Test func everyOptionOfTheTableIsReadFromAJobFile() throws {
    for option in OptionTable.all {
      let value: (json: String, plain: PlainValue) =
        switch option.kind {
        case .flag: ("false", .flag(false))
        case .choice(let names): ("\"\(names[0])\"", .text(names[0]))
        case .integer: ("3", .integer(3))
        // A whole number is a number, too.
        case .number: ("1", .number(1))
        case .text where option.exclusion == .topic: ("\"2:0.5\"", .text("2:0.5"))
        case .text where option.name == "background": ("\"#102030\"", .text("#102030"))
        case .text where option.name == "choice_calibration": ("\"0.5:1\"", .text("0.5:1"))
        case .texts: (#"["a", "b"]"#, .texts(["a", "b"]))
        case .text: ("\"5-6\"", .text("5-6"))
        }
      var expected = QuestionOptions()
      expected[option] = value.plain
      #expect(try options("{\"\(option.name)\": \(value.json)}") == expected, "\(option.name)")
    }
  }

  @Test(arguments: [
    (#"{"illava_vit_r": 0}"#, "“illava_vit_r” in a.json is 0", "0.85"),
    (#"{"illava_vit_k": "5-5"}"#, "is “5-5”", "5-6-7-8"),
    (#"{"illava_vit_mode": 5}"#, "is 5", "absorb"),
    (#"{"fastv": "2"}"#, "is “2”", "2:0.5"),
    (#"{"merge_seed": -1}"#, "is -1", "a whole number from 0"),
    (#"{"frames": 1.5}"#, "is 1.5", "a whole number from 1 to 100000"),
    (#"{"profile": "best"}"#, "is “best”", "\"tuned\", \"exact\""),
    (#"{"fps": [1]}"#, "is a list of 1", "a number from 0.001 to 1000"),
    (#"{"choices": ["a", 1]}"#, "is a list of 2", "a list of texts"),
    (#"{"choices": ["a"], "regex": "a"}"#, "“choices” and “regex” at once", "Keep one"),
    (#"{"fps": 1, "frames": 2}"#, "“fps” and “frames” at once", "Keep one"),
    (#"{"fastv": "2:0.5", "profile": "exact"}"#, "“profile” and “fastv” at once", "Keep one"),
  ])
  func aWrongValueIsRefusedWithWhatWouldBeRight(
    _ json: String, _ message: String, _ remedy: String
  ) throws {
    let failure = #expect(throws: Failure.self) { try options(json) }
    #expect(failure?.code == .jobOption)
    #expect(failure?.message.contains(message) == true, "\(failure?.message ?? "")")
    #expect(failure?.remedy?.contains(remedy) == true, "\(failure?.remedy ?? "")")
  }

  @Test func aSchemaMayBeAnObjectAndKeepsItsOrder() throws {
    let schema = #"{"properties": {"b": true,  "a": {"enum": ["}"]}}}"#
    #expect(try options("{\"options\": {\"json_schema\": \(schema)}}").jsonSchema == schema)
    #expect(try options(#"{"json_schema": "true"}"#).jsonSchema == "true")
  }

  @Test func settingsHaveTheSameOptions() throws {
    let text = "[defaults.options]\nprofile = \"off\"\nfastv = \"2:0.5\"\n"
    let failure = #expect(throws: Failure.self) {
      try SettingsFile.read(Array(text.utf8), source: "illavad.toml")
    }
    #expect(failure?.code == .configValue)
    let settings = try SettingsFile.read(
      Array(text.replacing("profile = \"off\"", with: "merge_seed = 7").utf8),
      source: "illavad.toml")
    #expect(settings.options.mergeSeed == 7)
    #expect(settings.options.fastV?.layer == 2)
  }

  @Test func whatIsSubmittedIsReadAsTheOptionWantsIt() throws {
    let spool = try TestSpool()
    let path = spool.path("picture.png")
    try Data("content".utf8).write(to: URL(filePath: path))
    var submission = Submission(root: spool.folder.path)
    submission.options.temperature = 0.5
    submission.options.frames = 2
    submission.named = ["system": "5", "frames": "4", "fps": "no"]
    #expect(throws: Failure.self) { try submission.submit([path]) }
    submission.named["fps"] = nil
    _ = try submission.submit([path])
    spool.run(seconds: 4)
    let job = try #require(try spool.jobs().first)
    var expected = QuestionOptions()
    expected.system = "5"
    expected.frames = 4
    expected.temperature = 0.5
    #expect(job.claim.options == expected)
  }
}
