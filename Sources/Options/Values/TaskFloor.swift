/// Kinds of questions by how much they need to see; each has floors for the memory planner.
public enum TaskFloor: String, Sendable, Codable, CaseIterable {
  /// Any question: the planner may reduce it as far as it can.
  case any
  /// What happens and who is there: tokens may be merged, but not most of them.
  case scene
  /// Documents, signs, counting: small details, which merging and shrinking lose first.
  case text
}

extension TaskFloor: OptionValue {}
