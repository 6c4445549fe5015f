import Compute
import Diagnostics
import Grammar
import Models
import Options
import Tokenizer

@preconcurrency import Glibc

/// Answers with the likeliest of a few texts.
struct ChoiceWriter {
  let choices: [String]
  let calibration: ChoiceCalibration
  let assets: ModelAssets
  let trie: TokenTrie
  let threads: ThreadTeam
  let events: SessionEvents

  /// Chooses after a prompt that has been read, and after what was thought.
  func write(
    _ generation: any Decoding, after thought: WrittenAnswer
  ) throws(Failure) -> WrittenAnswer {
    // Some tokenizers begin a text with a space, which is no part of the answer.
    let isSpaced = assets.tokenizer.stripsFirstSpace
    let texts = isSpaced ? choices + choices.map { " " + $0 } : choices
    let tree = ChoiceTree(
      choices: texts.map { Array($0.utf8) }, trie: trie,
      tokenBytes: assets.tokenizer.bytes(ofTextToken:), stopTokens: assets.stopTokens.sorted(),
      threads: threads)
    let (all, rest) = try tree.follow(generation, check: events.check)
    let found = choices.indices.map { index in
      isSpaced ? all[index].adding(all[index + choices.count]) : all[index]
    }
    let shares = calibration.shares(found.map(\.logprob))
    var answer = thought
    answer.reason = .stop
    answer.choices = zip(choices, zip(found, shares)).map { text, result in
      ChoiceResult(text: text, logprob: result.0.logprob, confidence: result.1)
    }
    let sum = found.reduce(-.infinity) { LogProbabilities.sum($0, $1.logprob) }
    answer.missingShare = rest == -.infinity ? 0 : exp(rest - LogProbabilities.sum(sum, rest))
    let best = shares.indices.max { shares[$0] < shares[$1] } ?? 0
    answer.text = choices[best]
    answer.generated += found[best].tokens
    events.progress?(.decode, 1)
    events.text?(answer.text)
    return answer
  }
}
