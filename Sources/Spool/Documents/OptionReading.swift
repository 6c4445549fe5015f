import Basics
import Diagnostics
import Options

/// Reads the options of jobs, with names and ranges from the option table.
enum OptionReading {
  /// All option names.
  static let names = OptionTable.all.map(\.name)
  /// Options whose value may be an object, which is kept as text because the order of members counts.
  static let verbatim: Set<String> = [OptionTable.shared.jsonSchema.name]

  /// Reads options.
  ///
  /// - Parameter source: the file they come from, for messages.
  /// - Throws: `job.option-unknown` and `job.option`.
  static func options(
    _ object: [String: JSONValue], source: String
  ) throws(Failure) -> QuestionOptions {
    var options = QuestionOptions()
    for (name, value) in object.sorted(by: { $0.key < $1.key }) {
      guard let option = OptionTable.option(name) else {
        throw unknown(name, among: names, source, code: .jobOptionUnknown)
      }
      do {
        options[option] = try plain(value, option)
      } catch {
        throw Failure(
          .badInput, code: .jobOption, "“\(name)” in \(source) is \(value.shown)",
          remedy: error.remedy)
      }
    }
    if let (one, other) = options.conflict {
      throw Failure(
        .badInput, code: .jobOption,
        "\(source) asks for “\(one.name)” and “\(other.name)” at once",
        remedy: "Keep one of them.")
    }
    options.system = options.system.map { QuestionText.normal($0) }
    return options
  }

  /// The first name of an object, in alphabetical order, that is no option or has an invalid value.
  static func firstWrong(_ object: [String: JSONValue]) -> String? {
    object.keys.sorted().first { name in
      guard let option = OptionTable.option(name), let value = object[name] else { return true }
      return (try? plain(value, option)) == nil
    }
  }

  private static func plain(
    _ value: JSONValue, _ option: any QuestionOption
  ) throws(Failure) -> PlainValue {
    guard let plain = value.plain else {
      throw Failure(
        .badInput, code: .jobOption, "“\(option.name)” is \(value.shown)",
        remedy: "Give \(option.kind.wanted).")
    }
    return try option.checked(plain)
  }

  /// The failure for an unknown name.
  static func unknown(
    _ name: String, among names: [String], _ source: String, code: FailureCode
  ) -> Failure {
    let nearest = NearestName.name(to: name, among: names)
    return Failure(
      .badInput, code: code,
      "\(source) has a member “\(BytePath(name).escaped.prefix(60))”, "
        + "which is not known",
      remedy: nearest.map { "Did you mean “\($0)”?" }
        ?? "Use one of \(names.sorted().joined(separator: ", ")).")
  }
}
