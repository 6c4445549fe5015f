import Diagnostics

/// An entry of the table of options, whatever its value is.
public protocol QuestionOption: Sendable {
  /// What its value is.
  associatedtype Value: OptionValue

  /// Its name in job files and TOML, such as `illava_vit_r`.
  var name: String { get }
  /// What it is about.
  var topic: OptionTopic { get }
  /// What it may be.
  var kind: OptionKind { get }
  /// What holds where nobody chooses, in words; empty where there is nothing to say.
  var standard: String { get }
  /// What its value is called on the command line; `nil` for the option's own name.
  var valueName: String? { get }
  /// One sentence about it.
  var help: String { get }
  /// More about it.
  var discussion: String? { get }
  /// What cannot be chosen beside it.
  var exclusion: OptionExclusion { get }
}

extension QuestionOption {
  /// Its option of the command line without the hyphens: `illava-vit-r`; `no-illava-vit` for
  /// `enable_illava_vit`, as what is on by default can only be switched off there.
  public var longName: String {
    let name = kind == .flag ? name.replacing("enable_", with: "no_", maxReplacements: 1) : name
    return name.replacing("_", with: "-")
  }

  /// Its option of the command line: `--illava-vit-r`.
  public var flag: String { "--" + longName }

  /// Its name in variants of an evaluation, `vit-r`. Only options of merging have one, and neither the
  /// profile, which a variant starts from, nor what stands for all others.
  public var variantName: String? {
    guard topic == .merging, exclusion != .topic, name != OptionTable.shared.profile.name else {
      return nil
    }
    return longName.replacing("illava-", with: "").replacing("merge-", with: "")
  }

  /// The words of a command line that choose a value; none for a flag that is on anyway.
  public func words(_ value: PlainValue) -> [String] {
    if case .flag(let flag) = value { return flag ? [] : [self.flag] }
    let text = value.written
    // A text that starts with a hyphen would be read as an option of its own.
    return text.utf8.first == UInt8(ascii: "-") ? ["\(flag)=\(text)"] : [flag, text]
  }

  /// The value, as the kind of the option has it.
  ///
  /// - Throws: `usage` for a value that the option cannot have, with what it can.
  public func checked(_ value: PlainValue) throws(Failure) -> PlainValue {
    let known: Value?
    do {
      known = try Value(kind.converted(value))
    } catch {
      // What the type itself finds wrong says more than a range.
      throw Failure(
        error.kind, code: error.code, "\(flag): \(error.message)", remedy: error.remedy)
    }
    guard known != nil, let fitting = kind.fitting(value) else { throw wrong(value.written) }
    return fitting
  }

  /// The value that text on a command line stands for.
  ///
  /// - Throws: `usage` for text that the option cannot have, with what it can.
  public func checked(text: String) throws(Failure) -> PlainValue {
    guard let plain = plain(of: text) else { throw wrong(text) }
    return try checked(plain)
  }

  /// The value that text on a command line stands for, or `nil` where it is of another kind.
  public func plain(of text: String) -> PlainValue? { Value.plain(of: text) }

  /// Whether both cannot be chosen at once.
  public func excludes(_ other: any QuestionOption) -> Bool {
    isRuledOut(by: other) || other.isRuledOut(by: self)
  }

  private func isRuledOut(by other: any QuestionOption) -> Bool {
    switch other.exclusion {
    case .nothing: false
    case .option(let name): name == self.name
    case .topic: other.topic == topic && other.name != name
    }
  }

  private func wrong(_ text: String) -> Failure {
    Failure(
      .usage, code: topic.wrongValue, "\(flag) cannot be “\(text)”",
      remedy: "Give \(kind.wanted).")
  }
}
