import Diagnostics
import Merging
import Options
import Testing

@Suite("Merging by options")
struct MergeOptionTests {
  /// A value that differs from every profile's default.
  private func sample(_ option: any QuestionOption) -> PlainValue {
    switch option.kind {
    case .flag: .flag(false)
    case .choice(let names): .text(names.count > 2 ? names[1] : names[0])
    case .integer(let range): .integer(range.lowerBound + 1)
    case .number: .number(0.51)
    case .text: .text("5-6")
    case .texts: .texts(["5", "6"])
    }
  }

  @Test(
    "every option of merging is read, and told again",
    arguments: OptionTable.options(of: .merging).filter { $0.exclusion != .topic }.map(\.name))
  func everyOption(_ name: String) throws {
    let option = try #require(OptionTable.option(name))
    var options = QuestionOptions()
    options[option] = sample(option)
    let parameters = try MergeParameters(options)
    #expect(parameters != MergeParameters())
    #expect(parameters.options[option] == sample(option))
    #expect(try MergeParameters(parameters.options) == parameters)
  }

  @Test(
    "where nothing is chosen, the defaults of the profile hold", arguments: MergeProfile.allCases)
  func defaults(_ profile: MergeProfile) throws {
    #expect(try MergeParameters(QuestionOptions()) == MergeParameters())
    var options = QuestionOptions()
    options.profile = profile
    #expect(try MergeParameters(options) == MergeParameters(profile: profile))
    options.visionEnabled = true
    #expect(try MergeParameters(options) == MergeParameters(profile: profile))
  }

  @Test("FastV stands for all parameters")
  func fastV() throws {
    var options = QuestionOptions()
    options.fastV = try FastV(layer: 3, removed: 0.25)
    #expect(try MergeParameters(options) == MergeParameters.fastV(layer: 3, removed: 0.25))
  }
}
