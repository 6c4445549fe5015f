import ArgumentParser
import Diagnostics
import FoundationEssentials
import Models

/// Writes a model folder with random weights, because tests of memory need models of any size.
struct RandomModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "random-model",
    abstract: "Write a model folder with random weights of a config.json's shape.",
    discussion: "It says nothing of sense, but takes as much memory and time as a real one.",
    shouldDisplay: false)

  @Option(help: "A config.json to take the shape from.")
  var config: String
  @Option(help: "A model folder whose tokenizer and processor files are copied.")
  var tokenizer: String
  @Argument(help: "The folder to make.")
  var folder: String

  func run() throws {
    try exiting { try write() }
  }

  private func write() throws(Failure) {
    let files = FileManager.default
    guard let data = files.contents(atPath: config) else {
      throw Failure(
        .missingInput, code: .benchConfig, "\(config) cannot be read",
        remedy: "Give the path of a config.json.")
    }
    do {
      try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for name in try files.contentsOfDirectory(atPath: tokenizer).sorted()
      where name != "config.json" && !name.hasPrefix("model") {
        try files.copyItem(atPath: tokenizer + "/" + name, toPath: folder + "/" + name)
      }
      try data.write(to: URL(filePath: folder + "/config.json"))
    } catch {
      throw Failure(.fault, code: .randomModelWrite, "\(folder): \(error)")
    }
    try ModelRegistry.writeRandom(data, file: config, to: folder + "/model.safetensors")
  }
}
