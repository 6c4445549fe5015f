import Diagnostics
import Engine
import Options
import Testing

@Suite("Questions by options")
struct RequestOptionTests {
  private func sample(_ option: any QuestionOption) -> PlainValue {
    switch option.kind {
    case .flag: .flag(false)
    case .choice(let names): .text(names[1])
    case .integer(let range): .integer(range.lowerBound + 2)
    case .number: .number(0.7)
    case .text where option.name == "background": .text("#102030")
    case .text where option.name == "choice_calibration": .text("0.5:1")
    case .text: .text("5-6")
    case .texts: .texts(["no", "yes"])
    }
  }

  @Test(
    "every option is read, and told again as what differs from the defaults",
    arguments: OptionTable.all.filter { $0.exclusion != .topic }.map(\.name))
  func everyOption(_ name: String) throws {
    let option = try #require(OptionTable.option(name))
    var options = QuestionOptions()
    options[option] = sample(option)
    let request = try Request(prompt: "?", options: options)
    #expect(request.chosenOptions == options)
    #expect(Request(prompt: "?").chosenOptions == QuestionOptions())
  }

  @Test("defaults that the table names in figures are those of the engine")
  func defaults() {
    let options = Request(prompt: "?").options
    for option in OptionTable.all where !option.standard.isEmpty {
      guard let value = options[option], !option.standard.contains("profile") else { continue }
      #expect(value.written == option.standard, "\(option.name)")
    }
  }

  @Test("a value out of range is refused")
  func refusals() {
    var options = QuestionOptions()
    options.frames = 0
    let failure = #expect(throws: Failure.self) { try Request(prompt: "?", options: options) }
    #expect(failure?.kind == .usage)
  }
}
