import ArgumentParser
import Diagnostics
import Options

/// Options of the table as arguments of a command.
///
/// The parser looks for arguments among the children of a mirror and decodes them by their labels. Both
/// come from the table instead of from properties.
public struct OptionArguments<Selection: OptionSelection>: ParsableArguments {
  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ option: any QuestionOption) { stringValue = option.name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// The given texts; flags have none.
  private var given: [(option: any QuestionOption, texts: [String])] = []

  /// No options given.
  public init() {}

  /// Reads the given options.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    for option in Selection.options {
      if option.kind == .flag {
        let flag = try container.decode(Flag<Bool>.self, forKey: Name(option))
        if flag.wrappedValue { given.append((option, [])) }
      } else if option.kind == .texts {
        let texts = try container.decode(Option<[String]>.self, forKey: Name(option)).wrappedValue
        if !texts.isEmpty { given.append((option, texts)) }
      } else if let text = try Self.text(option, container) {
        given.append((option, [text]))
      }
    }
  }

  private static func text<Chosen: QuestionOption>(
    _ option: Chosen, _ container: KeyedDecodingContainer<Name>
  ) throws -> String? {
    try container.decode(Option<OptionText<Chosen.Value>>.self, forKey: Name(option))
      .wrappedValue.text
  }

  /// The chosen options.
  ///
  /// - Throws: `usage` for an invalid value, and for options that cannot be combined.
  public func chosen() throws(Failure) -> QuestionOptions {
    var options = QuestionOptions()
    for (option, texts) in given {
      options[option] =
        switch option.kind {
        // An option that is on by default can only be switched off on a command line.
        case .flag: .flag(false)
        case .texts: try option.checked(.texts(texts))
        default: try option.checked(text: texts.first ?? "")
        }
    }
    if let (one, other) = options.conflict {
      throw Failure(
        .usage, code: .optionConflict, "\(one.flag) and \(other.flag) exclude each other",
        remedy: "Keep one of them.")
    }
    return options
  }
}

extension OptionArguments: CustomReflectable {
  /// An argument of the parser for each option.
  public var customMirror: Mirror {
    Mirror(
      self, children: Selection.options.map { (label: $0.name, value: Self.argument($0)) },
      displayStyle: .struct)
  }

  private static func argument<Chosen: QuestionOption>(_ option: Chosen) -> Any {
    let help = ArgumentHelp(
      "\(option.help)", discussion: option.discussion, valueName: option.valueName)
    let name = NameSpecification.customLong(option.longName)
    guard option.kind != .flag else {
      return Flag(wrappedValue: false, name: name, help: help)
    }
    if option.kind == .texts {
      return Option(
        wrappedValue: [String](), name: name, parsing: .singleValue, help: help)
    }
    return Option(
      wrappedValue: OptionText<Chosen.Value>(standard: option.standard), name: name, help: help)
  }
}
