import Compute
import Diagnostics
import Grammar
import Models

@preconcurrency import Glibc

/// Finds how likely each of a few texts is as the whole answer: the sum over all ways to write it in
/// tokens, each followed by a stop token.
///
/// The ways are the paths of a tree. It is walked best first from one prefill. From branch to branch the
/// key-value cache is cut back; where a model has layers with a state, the branch is read again. The walk
/// ends when everything that has not been looked at cannot change which choice is the likeliest, nor any
/// share by more than `tolerance`.
struct ChoiceTree {
  /// A beginning of one or more choices, in tokens.
  private struct Branch {
    let tokens: [Int32]
    let length: Int
    let logprob: Double
  }

  /// What was found out about one choice.
  struct Found {
    /// The logarithm of the probability of its text and the end.
    var logprob = -Double.infinity
    /// The likeliest way to write it, a stop token included, and the logarithm of its probability.
    var tokens: [Int32] = []
    var best = -Double.infinity

    /// Both ways to write the same answer together.
    func adding(_ other: Found) -> Found {
      var sum = best >= other.best ? self : other
      sum.logprob = LogProbabilities.sum(logprob, other.logprob)
      return sum
    }
  }

  let choices: [[UInt8]]
  let trie: TokenTrie
  let tokenBytes: (Int32) -> ArraySlice<UInt8>
  let stopTokens: [Int32]
  let threads: ThreadTeam
  /// The share of all choices that may be left out.
  var tolerance = 1e-4
  /// The most branches that are followed.
  var limit = 4096

  /// Follows the branches after what has been read.
  ///
  /// - Parameters:
  ///   - check: called before every branch; an error it throws ends the work.
  /// - Returns: what was found about each choice, and the logarithm of the largest probability that was
  ///   not looked at.
  func follow(
    _ generation: any Decoding, check: (() throws(Failure) -> Void)?
  ) throws(Failure) -> (found: [Found], rest: Double) {
    var found = choices.map { _ in Found() }
    var open = [Branch(tokens: [], length: 0, logprob: 0)]
    var read: [Int32] = []
    var followed = 0
    let root = try generation.place()
    while let index = open.indices.max(by: { open[$0].logprob < open[$1].logprob }) {
      let rest = open.reduce(-.infinity) { LogProbabilities.sum($0, $1.logprob) }
      if followed >= limit || isEnough(found, rest) { return (found, rest) }
      try check?()
      let branch = open.remove(at: index)
      if !branch.tokens.isEmpty {
        // The logits of a branch that was read before are gone: its last token is read again.
        let shared = min(
          zip(read, branch.tokens).prefix { $0 == $1 }.count, branch.tokens.count - 1)
        let kept = generation.goBack(to: root, keeping: shared)
        try generation.advance(by: Array(branch.tokens[kept...]), threads: threads)
        read = branch.tokens
      }
      followed += 1
      try LogitCheck.check(generation.logits)
      open += branches(of: branch, LogProbabilities(generation.logits), &found)
    }
    return (found, -.infinity)
  }

  /// What may follow a branch; choices that end there are added to what was found.
  private func branches(
    of branch: Branch, _ probabilities: LogProbabilities, _ found: inout [Found]
  ) -> [Branch] {
    var next: Set<Int32> = []
    for (index, choice) in choices.enumerated() where begins(choice, with: branch) {
      guard choice.count == branch.length else {
        next.formUnion(trie.beginnings(of: choice[branch.length...]))
        continue
      }
      // A model without stop tokens ends where the text does.
      if stopTokens.isEmpty { add(branch, nil, 0, to: &found[index]) }
      for token in stopTokens {
        add(branch, token, Double(probabilities[token]), to: &found[index])
      }
    }
    return next.sorted().map { token in
      Branch(
        tokens: branch.tokens + [token], length: branch.length + tokenBytes(token).count,
        logprob: branch.logprob + Double(probabilities[token]))
    }
  }

  private func begins(_ choice: [UInt8], with branch: Branch) -> Bool {
    guard branch.length <= choice.count else { return false }
    var place = 0
    for token in branch.tokens {
      let bytes = tokenBytes(token)
      guard choice[place...].starts(with: bytes) else { return false }
      place += bytes.count
    }
    return true
  }

  private func add(_ branch: Branch, _ stop: Int32?, _ logprob: Double, to found: inout Found) {
    let whole = branch.logprob + logprob
    found.logprob = LogProbabilities.sum(found.logprob, whole)
    if whole > found.best {
      found.best = whole
      found.tokens = branch.tokens + (stop.map { [$0] } ?? [])
    }
  }

  /// Whether what is left, by the logarithm of its probability, can change nothing that matters.
  private func isEnough(_ found: [Found], _ rest: Double) -> Bool {
    let all = found.reduce(-.infinity) { LogProbabilities.sum($0, $1.logprob) }
    guard all > -.infinity, rest <= all + log(tolerance) else { return false }
    let order = found.map(\.logprob).sorted(by: >)
    guard order.count > 1 else { return true }
    return order[0] >= LogProbabilities.sum(order[1], rest)
  }
}
