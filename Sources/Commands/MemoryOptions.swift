import Basics
import ArgumentParser
import Engine
import MemoryPlanner
import OptionArguments

/// The options for the memory that the process may use.
struct MemoryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The most memory the process may hold: bytes, 512M, 2G, auto (what is free) or unplanned.",
      valueName: "bytes"))
  var memory: MemoryLimit = .automatic

  @OptionGroup var floor: OptionArguments<OptionSections.Memory>

  /// Sets the limit in the rules of a question.
  func limit(_ rules: inout MemoryRules) {
    rules.limit = memory
    rules.limitName = "--memory"
  }
}

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

  /// The text that `init(argument:)` reads.
  public var defaultValueDescription: String {
    switch self {
    case .automatic: "auto"
    case .unplanned: "unplanned"
    case .bytes(let bytes): "\(bytes)"
    }
  }
}
