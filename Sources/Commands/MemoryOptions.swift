import Basics
import ArgumentParser
import Engine
import MemoryPlanner

/// How much memory a question may take, and how far it may be cut down to fit.
struct MemoryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The most memory the process may hold: bytes, 512M, 2G, auto (what is free) or unplanned.",
      valueName: "bytes"))
  var memory: MemoryLimit = .automatic

  @Option(
    help: ArgumentHelp(
      "How far the question may be cut down to fit: any, scene or text.",
      discussion: """
        text is for documents, signs and counting: at least 0.7 of the visual tokens are kept and \
        0.8 of the pixels, and merging that was asked to keep less keeps as much. scene keeps \
        at least 0.25 of the tokens and half of the pixels.
        """))
  var floor: TaskFloor = .any

  /// The rules as the engine has them.
  var rules: MemoryRules {
    var rules = MemoryRules()
    rules.limit = memory
    rules.limitName = "--memory"
    rules.floors = floor.floors
    return rules
  }
}

extension TaskFloor: ExpressibleByArgument {}

extension MemoryLimit: ExpressibleByArgument {
  /// Reads `auto`, `unplanned`, or an amount of memory.
  public init?(argument: String) {
    switch argument {
    case "auto": self = .automatic
    case "unplanned": self = .unplanned
    default:
      guard let bytes = ByteCount.parse(argument), bytes > 0, bytes < 1 << 52 else { return nil }
      self = .bytes(bytes)
    }
  }

  /// What `init(argument:)` reads.
  public var defaultValueDescription: String {
    switch self {
    case .automatic: "auto"
    case .unplanned: "unplanned"
    case .bytes(let bytes): "\(bytes)"
    }
  }
}
