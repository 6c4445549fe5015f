import Basics
import Diagnostics
import FoundationEssentials
import WorkerProtocol

/// The options of jobs: their names and what they may be.
enum OptionRules {
  /// All names.
  static let names = JobOptions.CodingKeys.allCases.map(\.rawValue)

  /// What an option may be.
  static func rule(_ key: JobOptions.CodingKeys) -> ValueRule {
    switch key {
    case .system: .text
    case .fps: .number(0.001...1000)
    case .frames: .integer(1...100_000)
    case .maxPixels: .integer(1...1_000_000_000)
    case .maxNewTokens: .integer(0...(1 << 20))
    case .temperature: .number(0...100)
    case .topP: .number(0.000_001...1)
    case .topK: .integer(0...1_000_000)
    case .repetitionPenalty: .number(0.01...100)
    case .seed: .integer(0...(.max))
    case .profile: .choice(["tuned", "exact", "published", "off"])
    case .floor: .choice(["any", "scene", "text"])
    case .visionLayers, .textLayers: .text
    case .visionRetention, .textRetention: .number(0.001...1_000_000)
    case .visionMode, .textMode: .integer(1...4)
    case .visionScore:
      .choice(["attention", "lse", "distinct", "diverse", "bipartite", "random"])
    case .textScore: .choice(["attention", "question", "distinct", "random"])
    case .visionMinTokens: .integer(0...1_000_000_000)
    case .visionEnabled, .textEnabled: .flag
    }
  }

  /// Reads options.
  ///
  /// - Parameter source: the file they come from, for messages.
  /// - Throws: `job.option-unknown` and `job.option`.
  static func options(
    _ object: [String: JSONValue], source: String
  ) throws(Failure) -> JobOptions {
    for (name, value) in object.sorted(by: { $0.key < $1.key }) {
      guard let key = JobOptions.CodingKeys(rawValue: name) else {
        throw unknown(name, among: names, source, code: .jobOptionUnknown)
      }
      let rule = rule(key)
      guard rule.read(value) != nil else {
        throw Failure(
          .badInput, code: .jobOption, "“\(name)” in \(source) is \(value.shown)",
          remedy: "Give \(rule.wanted).")
      }
    }
    if object["fps"] != nil, object["frames"] != nil {
      throw Failure(
        .badInput, code: .jobOption, "\(source) asks for “fps” and “frames” at once",
        remedy: "Keep one of them.")
    }
    // Every value fits the member of its name now.
    return try JSONLine.decode(JobOptions.self, JSONLine.encode(object))
  }

  /// The failure for a name that nobody knows.
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
