import Diagnostics
import Foundation
import Testing

@testable import Engine

@Suite("Choosing tokens")
struct SamplerTests {
  private func options(_ change: (inout Sampler.Options) -> Void) -> Sampler.Options {
    var options = Sampler.Options()
    change(&options)
    return options
  }

  private func draws(_ options: Sampler.Options, _ logits: [Float], _ count: Int) -> [Int32] {
    var sampler = Sampler(options, prompt: [])
    return (0..<count).map { _ in sampler.next(logits) }
  }

  @Test("greedy takes the first of the largest")
  func greedy() {
    #expect(draws(options { _ in }, [1, 3, 3, 2], 3) == [1, 1, 1])
  }

  @Test("the same seed draws the same tokens, another seed others")
  func seeds() {
    let logits = (0..<50).map { Float($0 % 7) }
    func run(_ seed: UInt64) -> [Int32] {
      draws(
        options {
          $0.temperature = 1
          $0.seed = seed
        }, logits, 30)
    }
    #expect(run(1) == run(1))
    #expect(run(1) != run(2))
  }

  @Test("tokens come as often as their probabilities say")
  func frequencies() {
    let drawn = draws(options { $0.temperature = 0.5 }, [0, 0.5, 1], 20_000)
    let weights = [exp(0.0), exp(1.0), exp(2.0)]
    for token in 0..<3 {
      let share = Double(drawn.count { $0 == Int32(token) }) / 20_000
      // Four standard deviations of a count of 20,000 are 0.014 at most.
      #expect(abs(share - weights[token] / weights.reduce(0, +)) < 0.015)
    }
  }

  @Test("top-k and top-p leave the rest out")
  func cuts() {
    let logits: [Float] = [2, 5, 4.9, 1, 3]
    let two = draws(
      options {
        $0.temperature = 2
        $0.topK = 2
      }, logits, 500)
    #expect(Set(two) == [1, 2])
    let half = draws(
      options {
        $0.temperature = 1
        $0.topP = 0.4
      }, logits, 500)
    #expect(Set(half) == [1])
  }

  @Test("the repetition penalty counts the prompt and what was said")
  func repetition() {
    var sampler = Sampler(options { $0.repetitionPenalty = 2 }, prompt: [1])
    // 4 / 2 = 2 is less than 3; then 3 / 2 is less than 2; negative logits decrease as well.
    #expect(sampler.next([3, 4, -1]) == 0)
    #expect(sampler.next([3, 4, 1.9]) == 1)
    var negative = Sampler(options { $0.repetitionPenalty = 2 }, prompt: [0])
    #expect(negative.next([-1, -1.5]) == 1)
  }

  @Test("numbers that mean nothing are refused")
  func validation() {
    for change in [
      { $0.temperature = -1 }, { $0.temperature = .nan }, { $0.topP = 0 }, { $0.topP = 1.1 },
      { $0.topK = -1 }, { $0.repetitionPenalty = 0 },
    ] as [(inout Sampler.Options) -> Void] {
      #expect(throws: Failure.self) { try options(change).validate() }
    }
  }
}
