/// How much a kind of question needs to see: names for floors.
public enum TaskFloor: String, Sendable, Codable, CaseIterable {
  /// Any question: the planner may go as far as it can.
  case any
  /// What happens, who is there: tokens may be merged, but not most of them.
  case scene
  /// Documents, signs, counting: small things that merging and shrinking lose first.
  case text

  /// The floors that go with it.
  public var floors: MemoryFloors {
    var floors = MemoryFloors()
    switch self {
    case .any: break
    case .scene:
      floors.compoundRetention = 0.25
      floors.pixels = 0.5
      floors.frames = 0.5
    case .text:
      floors.compoundRetention = 0.7
      floors.pixels = 0.8
      floors.frames = 0.5
    }
    return floors
  }
}
