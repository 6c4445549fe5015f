import Diagnostics

/// An entry of the table of options, with any type of value.
public protocol QuestionOption: Sendable {
  /// The type of its value.
  associatedtype Value: OptionValue

  /// The name in job files and TOML, such as `illava_vit_r`.
  var name: String { get }
  /// The topic.
  var topic: OptionTopic { get }
  /// The kind of the value.
  var kind: OptionKind { get }
  /// The default, in words; empty where there is none to name.
  var standard: String { get }
  /// The name of its value on the command line; `nil` for the option's own name.
  var valueName: String? { get }
  /// The command-line name without hyphens where it does not follow from the name.
  var argumentName: String? { get }
  /// A one-sentence description.
  var help: String { get }
  /// A longer description.
  var discussion: String? { get }
  /// The options it cannot be combined with.
  var exclusion: OptionExclusion { get }
}

extension QuestionOption {
  /// The command-line name without hyphens: `illava-vit-r`; `no-illava-vit` for `enable_illava_vit`,
  /// because an option that is on by default can only be switched off.
  public var longName: String {
    if let argumentName { return argumentName }
    let name = kind == .flag ? name.replacing("enable_", with: "no_", maxReplacements: 1) : name
    return name.replacing("_", with: "-")
  }

  /// The command-line name: `--illava-vit-r`.
  public var flag: String { "--" + longName }

  /// The name in variants of an evaluation, `vit-r`. Only options of merging have one, except the
  /// profile, which a variant starts from, and FastV, which replaces all others.
  public var variantName: String? {
    guard topic == .merging, exclusion != .topic, name != OptionTable.shared.profile.name else {
      return nil
    }
    return longName.replacing("illava-", with: "").replacing("merge-", with: "")
  }

  /// The command-line words that choose a value; empty for a flag that has its default.
  public func words(_ value: PlainValue) -> [String] {
    if case .flag(let flag) = value { return flag ? [] : [self.flag] }
    if case .texts(let texts) = value { return texts.flatMap { words(.text($0)) } }
    let text = value.written
    // A text that starts with a hyphen would be read as an option.
    return text.utf8.first == UInt8(ascii: "-") ? ["\(flag)=\(text)"] : [flag, text]
  }

  /// The value converted to the kind of the option.
  ///
  /// - Throws: `usage` for an invalid value; the failure names the valid ones.
  public func checked(_ value: PlainValue) throws(Failure) -> PlainValue {
    let known: Value?
    do {
      known = try Value(kind.converted(value))
    } catch {
      // The type's own error is more specific than a range.
      throw Failure(
        error.kind, code: error.code, "\(flag): \(error.message)", remedy: error.remedy)
    }
    guard known != nil, let fitting = kind.fitting(value) else { throw wrong(value.written) }
    return fitting
  }

  /// The value of a command-line text.
  ///
  /// - Throws: `usage` for an invalid text; the failure names the valid ones.
  public func checked(text: String) throws(Failure) -> PlainValue {
    guard let plain = plain(of: text) else { throw wrong(text) }
    return try checked(plain)
  }

  /// The value of a command-line text; `nil` where the text is of another kind.
  public func plain(of text: String) -> PlainValue? { Value.plain(of: text) }

  /// Whether the two options cannot be combined.
  public func excludes(_ other: any QuestionOption) -> Bool {
    isRuledOut(by: other) || other.isRuledOut(by: self)
  }

  private func isRuledOut(by other: any QuestionOption) -> Bool {
    switch other.exclusion {
    case .nothing: false
    case .options(let names): names.contains(name)
    case .topic:
      other.topic == topic && other.name != name && name != OptionTable.shared.mergeSeed.name
    }
  }

  private func wrong(_ text: String) -> Failure {
    Failure(
      .usage, code: topic.wrongValue, "\(flag) cannot be “\(text)”",
      remedy: "Give \(kind.wanted).")
  }
}
