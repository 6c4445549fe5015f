import ArgumentParser
import Diagnostics
import Foundation
import Options
import Testing

@testable import OptionArguments

@Suite("Options on the command line")
struct OptionArgumentsTests {
  /// Every option of the table.
  private struct Everything: ParsableArguments {
    @OptionGroup var question: QuestionArguments
    @OptionGroup(title: "Memory") var memory: OptionArguments<OptionSections.Memory>

    func chosen() throws(Failure) -> QuestionOptions {
      try question.chosen().filled(from: memory.chosen())
    }
  }

  /// Some value that the option can have.
  private func sample(_ option: any QuestionOption) -> PlainValue {
    switch option.kind {
    case .flag: .flag(false)
    case .choice(let names): .text(names.last ?? "")
    case .integer(let range): .integer(range.lowerBound)
    case .number: .number(0.5)
    case .text where option.name == "background": .text("#102030")
    case .text where option.name == "choice_calibration": .text("0.5:1")
    case .text where option.name == "json_schema": .text("{}")
    case .texts: .texts(["-a", "b c"])
    case .text: .text(option.exclusion == .topic ? "2:0.5" : "5-6")
    }
  }

  @Test("every option of the table can be given", arguments: OptionTable.all.map(\.name))
  func everyOption(_ name: String) throws {
    let option = try #require(OptionTable.option(name))
    let value = sample(option)
    let parsed = try Everything.parse(option.words(value)).chosen()
    var expected = QuestionOptions()
    expected[option] = value
    #expect(parsed == expected)
    #expect(try Everything.parse([]).chosen() == QuestionOptions())
  }

  @Test("text that starts with a hyphen is given as one word")
  func hyphen() throws {
    let words = OptionTable.shared.system.words(.text("-x"))
    #expect(words == ["--system=-x"])
    #expect(try Everything.parse(words).chosen().system == "-x")
  }

  @Test("the help has every option in its section, with value, default and all values")
  func help() {
    let help = Everything.helpMessage(columns: 400)
    for option in OptionTable.all {
      let value = option.valueName ?? option.longName
      #expect(help.contains(option.kind == .flag ? option.flag : "\(option.flag) <\(value)>"))
      #expect(help.contains(option.help), "\(option.name)")
      guard !option.standard.isEmpty else { continue }
      if case .choice(let names) = option.kind {
        let values = names.joined(separator: ", ")
        #expect(help.contains("(values: \(values); default: \(option.standard))"))
      } else {
        #expect(help.contains("\(option.help) (default: \(option.standard))"))
      }
    }
    let sections = ["FORM OF THE ANSWER:", "MERGING:", "CHOOSING TOKENS:", "MEMORY:", "OPTIONS:"]
    let places = sections.compactMap { help.range(of: $0)?.lowerBound }
    #expect(places.count == sections.count && places == places.sorted())
  }

  @Test("names of values are completed")
  func completion() {
    let script = Everything.completionScript(for: .bash)
    for option in OptionTable.all {
      #expect(script.contains(option.flag), "\(option.flag)")
      guard case .choice(let names) = option.kind else { continue }
      for name in names { #expect(script.contains(name), "\(name)") }
    }
  }

  @Test(
    "what is of the wrong kind is refused by the parser, with the option",
    arguments: [
      (["--frames", "many"], "--frames"), (["--temperature", "warm"], "--temperature"),
      (["--profile", "best"], "'tuned', 'exact', 'published'"),
      (["--illava-vit-mode", "x"], "mode"),
      (["--floor"], "--floor"),
    ])
  func wrongKind(_ words: [String], _ text: String) {
    let error = #expect(throws: (any Error).self) { try Everything.parse(words) }
    #expect(error.map { Everything.message(for: $0).contains(text) } == true)
    #expect(error.map { Everything.exitCode(for: $0) } == .validationFailure)
  }

  @Test(
    "what is out of range or excluded is a failure of usage",
    arguments: [
      (["--illava-vit-r", "0"], .mergingRetention),
      (["--illava-llm-k", "5-5"], .mergingLayers),
      (["--illava-vit-mode", "5"], .mergingMode), (["--top-p", "0"], .samplingOption),
      (["--fps", "nan"], .optionValue), (["--fps", "1", "--frames", "2"], .optionConflict),
      (["--choice", "a", "--regex", "b"], .optionConflict),
      (["--choice-calibration", "1"], .optionValue),
      (["--json-schema", "/nowhere/schema.json"], .commandSchemaFile),
      (["--fastv", "2:0.5", "--profile", "exact"], .optionConflict),
    ] as [([String], FailureCode)])
  func outOfRange(_ words: [String], _ code: FailureCode) throws {
    let parsed = try Everything.parse(words)
    let failure = #expect(throws: Failure.self) { try parsed.chosen() }
    #expect(failure?.kind == (code == .commandSchemaFile ? .missingInput : .usage))
    #expect(failure?.code == code)
  }
}
