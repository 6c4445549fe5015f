import ArgumentParser
import Checkpoint
import Diagnostics
import Models
import Options

@preconcurrency import Glibc

/// Packs a model's weights into 8 bits once, so that loading the model need not.
struct PackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract: "Write a model's 8-bit weights beside it, so that --weights int8 loads at once.",
    discussion: """
      The file is \(PackedFile.name) in the model's folder, or has the name of the GGUF file and this \
      ending; it is mapped when the model is loaded with \
      --weights int8, and passed over, with a note, once the weights it was made from have changed.
      """)

  @Option(help: "The model: a folder, or a GGUF file.")
  var model: String
  @OptionGroup var projector: ProjectorOption
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
    if force, check { throw ValidationError("--force and --check exclude each other") }
  }

  func run() throws {
    try exiting { try pack() }
  }

  private func pack() throws(Failure) {
    let checkpoint = try projector.place(model).open()
    if check {
      guard let file = try PackedFile(of: checkpoint) else {
        throw Failure(
          .missingInput, code: .packMissing, "\(model): no \(PackedFile.name)",
          remedy: "Run illava pack --model DIR without --check.")
      }
      try file.verify()
      return say("as it was written", file)
    }
    // An unusable old file is simply replaced.
    if !force, let file = try? PackedFile(of: checkpoint) { return say("up to date", file) }
    var options = ModelOptions(weights: .int8)
    options.usesPackedFile = false
    options.threads = threads
    let clock = ContinuousClock()
    let start = clock.now
    let packed = try ModelRegistry.load(checkpoint, options: options).assets.weights.packed
    try PackedFile.write(packed, of: checkpoint)
    let tenths = Int((clock.now - start) / .milliseconds(100))
    guard let file = try PackedFile(of: checkpoint) else { return }
    say("written in \(tenths / 10).\(tenths % 10) s", file)
  }

  private func say(_ what: String, _ file: PackedFile) {
    let size = (file.totalBytes + (1 << 19)) >> 20
    TerminalOutput.write(
      "\(PlainText.line(file.path)): \(what), \(file.names.count) matrices, \(size) MiB\n")
  }
}
