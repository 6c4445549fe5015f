import Diagnostics
import Options

/// The options that can be changed in a profile, under their command-line names without `illava-`.
enum VariantOption {
  private static let all: [(name: String, option: any QuestionOption)] = OptionTable.all.compactMap
  {
    option in option.variantName.map { ($0, option) }
  }

  /// Sets one option, `vit-mode=1` or `no-llm`.
  ///
  /// - Throws: `evaluation.profile` for what is not an option, or what its value throws.
  static func apply(_ text: String, to options: inout QuestionOptions) throws(Failure) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let option = all.first(where: { $0.name == parts[0] })?.option else { throw wrong(text) }
    if option.kind == .flag {
      guard parts.count == 1 else { throw wrong(text) }
      options[option] = .flag(false)
    } else {
      guard parts.count == 2, let value = option.plain(of: String(parts[1])) else {
        throw wrong(text)
      }
      options[option] = try option.checked(value)
    }
  }

  private static func wrong(_ text: String) -> Failure {
    Failure(
      .usage, code: .evaluationProfile, "“\(text)” is not an option of a profile",
      remedy: "Give some of \(all.map(\.name).joined(separator: ", ")), as in exact:vit-mode=1.")
  }
}
