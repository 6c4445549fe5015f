import Diagnostics
import Options
import Testing

@Suite("The table of options")
struct OptionTableTests {
  @Test("every property of the table is an option with a name of its own everywhere")
  func names() {
    #expect(OptionTable.all.count == Mirror(reflecting: OptionTable.shared).children.count)
    #expect(Set(OptionTable.all.map(\.name)).count == OptionTable.all.count)
    #expect(Set(OptionTable.all.map(\.flag)).count == OptionTable.all.count)
    let variants = OptionTable.all.compactMap(\.variantName)
    #expect(Set(variants).count == variants.count)
    for option in OptionTable.all {
      #expect(option.help.hasSuffix("."), "\(option.name)")
      #expect(OptionTable.option(option.name)?.flag == option.flag)
    }
  }

  @Test("names of the command line and of variants follow from the name")
  func derived() {
    let table = OptionTable.shared
    #expect(table.visionRetention.flag == "--illava-vit-r")
    #expect(table.visionRetention.variantName == "vit-r")
    #expect(table.textEnabled.flag == "--no-illava-llm")
    #expect(table.textEnabled.variantName == "no-llm")
    #expect(table.mergeSeed.variantName == "seed")
    #expect(table.choices.flag == "--choice" && table.topLogprobs.flag == "--logprobs")
    #expect(table.choices.words(.texts(["a", "-b"])) == ["--choice", "a", "--choice=-b"])
    #expect(table.maxPixels.flag == "--max-pixels")
    #expect(table.maxPixels.variantName == nil)
    #expect(table.profile.variantName == nil)
  }

  @Test("a wrong value is refused with what would be right")
  func wrong() {
    let table = OptionTable.shared
    let cases: [(any QuestionOption, String, FailureCode, String)] = [
      (table.visionRetention, "0", .mergingRetention, "share"),
      (table.visionLayers, "5-5", .mergingLayers, "5-6-7-8"),
      (table.textMode, "5", .mergingMode, "absorb"),
      (table.fastV, "2", .mergingFastV, "2:0.5"),
      (table.fastV, "2:1.5", .mergingFastV, "2:0.5"),
      (table.fastV, "-1:0.5", .mergingFastV, "2:0.5"),
      (table.topP, "0", .samplingOption, "a number from"),
      (table.topP, "x", .samplingOption, "a number from"),
      (table.frames, "0", .optionValue, "a whole number from 1"),
      (table.floor, "low", .memoryFloor, "\"scene\""),
      (table.maxNewTokens, "-1", .optionValue, "a whole number from 0"),
    ]
    for (option, text, code, remedy) in cases {
      let failure = #expect(throws: Failure.self) { try option.checked(text: text) }
      #expect(failure?.code == code)
      #expect(failure?.remedy?.contains(remedy) == true, "\(failure?.remedy ?? "none")")
    }
  }
}
