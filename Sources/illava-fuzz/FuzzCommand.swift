import ArgumentParser

@preconcurrency import Glibc

/// Feeds thousands of damaged texts to readers of untrusted texts; it is not installed.
@main struct FuzzCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "illava-fuzz",
    abstract: "Try damaged texts on what reads them.",
    discussion: """
      Each text is written to a file before it is tried, so that it is known what ended the process. \
      Exit status: 0 when everything was read or refused in time and within its memory, else 1.
      """)

  @Argument(help: "What is tried; without it, the names there are.")
  var target: String?
  @Option(help: "Where the random numbers start.")
  var seed: UInt64 = 1
  @Option(help: "Seconds to try for.")
  var seconds: Double = 5
  @Option(help: "Tries at most.")
  var rounds: Int = 1_000_000
  @Option(help: "The file for the text that is being tried.")
  var last = FuzzTargets.scratch + ".last"
  @Option(help: "Seconds that one text may take.")
  var limit: Double = 2
  @Option(help: "MiB that the process may hold.")
  var memory: Int = 512
  @Option(help: "The folder of the sources, for texts to begin with.")
  var sources = "."

  func run() throws {
    guard let target else {
      for name in FuzzTargets.names { print(name) }
      return
    }
    guard let tried = try FuzzTargets.make(target, sources: sources) else {
      throw ValidationError("There is no “\(target)”.")
    }
    let record = open(last, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard record >= 0 else { throw ValidationError("\(last) cannot be written.") }
    var mutator = Mutator(seed: seed, corpus: tried.corpus, words: tried.words)
    let end = Stopwatch.wall() + seconds
    var (round, slowest) = (0, 0.0)
    while round < rounds, Stopwatch.wall() < end {
      // First all valid texts, which must stay valid; then only damaged ones.
      let text = round < tried.corpus.count ? tried.corpus[round] : mutator.text()
      ftruncate(record, 0)
      pwrite(record, text, text.count, 0)
      let begun = Stopwatch.own()
      let complaint = tried.read(text)
      let taken = Stopwatch.own() - begun
      slowest = max(slowest, taken)
      round += 1
      if let complaint { try give(up: complaint, round) }
      if taken > limit { try give(up: "took \(taken) s", round) }
    }
    if let complaint = tried.finish() { try give(up: complaint, round) }
    let peak = Stopwatch.peakMemory()
    print(
      "\(target): \(round) texts, the slowest in \(Int(slowest * 1000)) ms, \(peak) MiB at most")
    if peak > memory { try give(up: "held \(peak) MiB", round) }
  }

  private func give(up complaint: String, _ round: Int) throws {
    print("\(target ?? ""): \(complaint), at text \(round) of seed \(seed), which is in \(last)")
    throw ExitCode(1)
  }
}
