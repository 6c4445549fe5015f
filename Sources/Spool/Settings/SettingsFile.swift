import Basics
import Diagnostics
import Options

/// Reads `illavad.toml`.
public enum SettingsFile {
  private static let optionTable = "defaults.options"

  /// Settings from a file's bytes.
  ///
  /// - Parameter source: the file's name, for messages.
  /// - Throws: `config.toml`, `config.key` or `config.value`, each with the line and, for an unknown
  ///   key, the nearest known one.
  public static func read(_ bytes: [UInt8], source: String) throws(Failure) -> Settings {
    let file = try TOMLFile(bytes, source: source)
    var settings = Settings()
    for (table, value) in file.values.sorted(by: { $0.key < $1.key }) {
      guard SettingKey.all.contains(where: { $0.table == table }) else {
        let line = file.line(table: table, name: "") ?? file.line(table: "", name: table)
        throw unknown(table, among: Set(SettingKey.all.map(\.table)).sorted(), source, line)
      }
      guard case .object(let entries) = value else {
        throw Failure(
          .usage, code: .configValue,
          "\(place(source, file.line(table: "", name: table))): “\(table)” is \(value.shown)",
          remedy: "Write [\(table)] on a line of its own: it is a table.")
      }
      for (name, value) in entries.sorted(by: { $0.key < $1.key }) {
        if table == "defaults", name == "options" {
          settings.options = try options(value, file, source)
          continue
        }
        let line = file.line(table: table, name: name)
        guard let key = SettingKey.all.first(where: { $0.table == table && $0.name == name }) else {
          let names = SettingKey.all.filter { $0.table == table }.map(\.name)
          throw unknown(name, among: names, source, line)
        }
        guard let fitting = key.rule.read(value) else {
          throw Failure(
            .usage, code: .configValue,
            "\(place(source, line)): “\(key.fullName)” is \(value.shown)",
            remedy: "Give \(key.rule.wanted).")
        }
        key.set(&settings, fitting)
      }
    }
    guard !settings.prompts.isEmpty, !settings.prompts.contains("") else {
      throw Failure(
        .usage, code: .configValue,
        "\(place(source, file.line(table: "defaults", name: "prompts"))): a default question is "
          + "missing", remedy: "Give at least one question, such as [\"What happens?\"].")
    }
    return settings
  }

  private static func options(
    _ value: JSONValue, _ file: TOMLFile, _ source: String
  ) throws(Failure) -> QuestionOptions {
    guard case .object(let object) = value else {
      throw Failure(
        .usage, code: .configValue, "\(source): “\(optionTable)” is \(value.shown)",
        remedy: "Write [\(optionTable)] on a line of its own: it is a table.")
    }
    do {
      return try OptionReading.options(object, source: source)
    } catch {
      let line = file.line(table: optionTable, name: OptionReading.firstWrong(object) ?? "")
      let where_ = line.map { "line \($0): " } ?? ""
      throw Failure(.usage, code: .configValue, where_ + error.message, remedy: error.remedy)
    }
  }

  private static func unknown(
    _ name: String, among names: [String], _ source: String, _ line: Int?
  ) -> Failure {
    let nearest = NearestName.name(to: name, among: names)
    return Failure(
      .usage, code: .configKey,
      "\(place(source, line)): “\(BytePath(name).escaped)” is not known",
      remedy: nearest.map { "Did you mean “\($0)”?" }
        ?? "Use one of \(names.joined(separator: ", ")).")
  }

  private static func place(_ source: String, _ line: Int?) -> String {
    line.map { "\(source) line \($0)" } ?? source
  }
}
