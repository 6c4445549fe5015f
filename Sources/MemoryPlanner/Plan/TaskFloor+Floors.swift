import Options

extension TaskFloor {
  /// The memory floors of this kind of task.
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
