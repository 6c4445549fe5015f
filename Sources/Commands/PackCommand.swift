import ArgumentParser
import Checkpoint
import Diagnostics
import Engine
import Models
import Options

@preconcurrency import Glibc

/// Packs a model's weights into 8 or 4 bits once, so that loading the model need not.
struct PackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract:
      "Write a model's packed weights beside it, so that --weights int8 or int4 loads at once.",
    discussion: """
      The file is \(PackedPrecision.int8.fileName) or \(PackedPrecision.int4.fileName) in the model's \
      folder, or has the name of the GGUF file and this ending; it is mapped when the model is loaded \
      with these --weights, and passed over, with a note, once the weights it was made from have changed.
      """)

  @Option(help: "The model: a folder, or a GGUF file.")
  var model: String
  @OptionGroup var projector: ProjectorOption
  @Option(help: "The precision of the packed weights: int8 or int4.")
  var weights: WeightPrecision = .int8
  @Option(
    help: ArgumentHelp(
      """
      Let the model look at the pictures of this folder first, and round to 4 bits so that what it makes \
      of such pictures changes least.
      """, valueName: "folder"), completion: .directory)
  var calibrate: String?
  @Option(help: "Threads to pack with (default: one per processor).")
  var threads: Int?
  @Flag(help: "Pack anew even where the file is up to date.")
  var force = false
  @Flag(help: "Write nothing; read the whole file and compare it with its checksum.")
  var check = false

  func validate() throws {
    if let threads, !(1...1024 ~= threads) {
      throw ValidationError("--threads must be between 1 and 1024")
    }
    guard weights.isPacked else { throw ValidationError("--weights must be int8 or int4") }
    if calibrate != nil, weights != .int4 || check {
      throw ValidationError("--calibrate belongs to --weights int4, and not to --check")
    }
    if force, check { throw ValidationError("--force and --check exclude each other") }
  }

  func run() throws {
    try exiting { try pack() }
  }

  private func pack() throws(Failure) {
    let place = projector.place(model)
    let checkpoint = try place.open()
    let precision = weights.packed ?? .int8
    if check {
      guard let file = try PackedFile(of: checkpoint, precision) else {
        throw Failure(
          .missingInput, code: .packMissing, "\(model): no \(precision.fileName)",
          remedy: "Run illava pack --model DIR without --check.")
      }
      try file.verify()
      return say("as it was written", file)
    }
    // An unusable old file is simply replaced.
    if !force, calibrate == nil, let file = try? PackedFile(of: checkpoint, precision) {
      return say("up to date", file)
    }
    var options = ModelOptions(weights: weights)
    options.importance = try importance(place)
    options.usesPackedFile = false
    options.threads = threads
    let clock = ContinuousClock()
    let start = clock.now
    let packed = try ModelRegistry.load(checkpoint, options: options).assets.weights.packed
    try PackedFile.write(packed, of: checkpoint, precision)
    let tenths = Int((clock.now - start) / .milliseconds(100))
    guard let file = try PackedFile(of: checkpoint, precision) else { return }
    say("written in \(tenths / 10).\(tenths % 10) s", file)
  }

  /// What the model's matrices read when it looks at the pictures of `--calibrate`.
  private func importance(_ place: ModelPlace) throws(Failure) -> [String: [Float]] {
    guard let calibrate else { return [:] }
    let pictures = try ImageFolder.pictures(in: calibrate)
    let session = try Session(
      place, options: ModelOptions(weights: .int8), threads: threads)
    let progress = ProgressBar(isShown: isatty(STDERR_FILENO) == 1)
    defer { progress.clear() }
    return try InputStatistics.measured(session, pictures: pictures) {
      progress.show("pictures", $0)
    }
  }

  private func say(_ what: String, _ file: PackedFile) {
    let size = (file.totalBytes + (1 << 19)) >> 20
    TerminalOutput.write(
      "\(PlainText.line(file.path)): \(what), \(file.names.count) matrices, \(size) MiB\n")
  }
}
