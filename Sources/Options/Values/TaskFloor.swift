/// How much a kind of question needs to see: names for floors.
public enum TaskFloor: String, Sendable, Codable, CaseIterable {
  /// Any question: the planner may go as far as it can.
  case any
  /// What happens, who is there: tokens may be merged, but not most of them.
  case scene
  /// Documents, signs, counting: small things that merging and shrinking lose first.
  case text
}

extension TaskFloor: OptionValue {}
