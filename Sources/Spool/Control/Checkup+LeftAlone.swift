extension Checkup {
  /// What is to be said about files that are left alone: one finding for each reason.
  static func findings(about left: LiveStatus.LeftAlone) -> [Finding] {
    let remedies: [(kind: String, what: String, remedy: String)] = [
      (
        "unmatched", "ask about no picture or video that is there",
        "Give each the whole name of its file and .txt or .json, such as door.png.txt, or remove it. If its file still comes, it is asked."
      ),
      (
        "foreign", "are JSON of other programs",
        "Move them out of the inbox if you need them: illava never touches them."
      ),
      (
        "ignored", "have names that inbox.ignore lists",
        "Change inbox.ignore in the configuration if one of them should be a job."
      ),
    ]
    return remedies.compactMap { kind, what, remedy in
      guard let count = left.reasons[kind], count > 0 else { return nil }
      let files = left.files.filter { $0.kind == kind }
      guard let first = files.first else { return nil }
      if count == 1 {
        return Finding(
          level: .note, subject: "inbox", message: "\(first.path) \(first.reason)", remedy: remedy)
      }
      let names = files.prefix(5).map(\.path).joined(separator: ", ")
      return Finding(
        level: .note, subject: "inbox",
        message: "\(count) files \(what): \(names)\(count > 5 ? ", …" : "")", remedy: remedy)
    }
  }
}
