import Basics
import Diagnostics
import Grammar
import Tokenizer

/// A form, and what is asked about it.
struct Asked: Decodable {
  private static let end: Int32 = 151_645
  private static let idBound = 151_936
  /// A random number for each id; a set of tokens is known by the sum of theirs.
  private static let numbers = (0..<UInt64(idBound)).map { id in
    var random = SplitMix64(seed: id)
    return random.next()
  }

  var schema: String?
  var regex: String?
  var open: Bool?
  var texts: [[Int32]]?
  var values: [String]?
  var ids: Bool?

  /// What is told about it.
  ///
  /// - Parameter kinds: the kind of each token; empty where all are of one kind.
  func reply(_ trie: TokenTrie, _ tokenizer: Tokenizer, kinds: [UInt8]) -> Reply {
    var reply = Reply()
    do throws(Failure) {
      let clock = ContinuousClock()
      let start = clock.now
      let guide = try TokenGuide(
        try grammar(), trie, stopTokens: [Self.end], idBound: Self.idBound)
      reply.compileSeconds = (clock.now - start) / .seconds(1)
      for value in values ?? [] {
        guide.restart()
        let isTaken = try guide.accept(value.utf8)
        reply.values.append(isTaken && guide.isComplete)
      }
      for tokens in texts ?? [] {
        reply.texts.append(try follow(tokens, guide, tokenizer, kinds, &reply))
      }
    } catch {
      reply.code = error.code.rawValue
      reply.message = error.message
    }
    return reply
  }

  private func grammar() throws(Failure) -> Grammar {
    if let regex { return try .regex(regex) }
    return open == true ? try .openSchema(schema ?? "") : try .schema(schema ?? "")
  }

  private func follow(
    _ tokens: [Int32], _ guide: TokenGuide, _ tokenizer: Tokenizer, _ kinds: [UInt8],
    _ reply: inout Reply
  ) throws(Failure) -> Reply.Text {
    let clock = ContinuousClock()
    var text = Reply.Text()
    guide.restart()
    for token in tokens + [-1] {
      let start = clock.now
      let mask = try guide.mask()
      let seconds = (clock.now - start) / .seconds(1)
      reply.maskSeconds += seconds
      reply.maskCount += 1
      reply.slowestSeconds = max(reply.slowestSeconds, seconds)
      let allowed = mask.ids.filter { $0 != Self.end }
      text.digests.append(Self.digests(of: allowed, kinds))
      text.ends.append(mask.contains(Self.end))
      if ids == true, token < 0 { text.ids = allowed }
      guard token >= 0, mask.contains(token), try guide.accept(tokenizer.bytes(ofTextToken: token))
      else { break }
    }
    return text
  }

  /// The digest of the tokens of each kind.
  private static func digests(of tokens: [Int32], _ kinds: [UInt8]) -> [String] {
    var sums = [UInt64](repeating: 0, count: Int(kinds.max() ?? 0) + 1)
    for token in tokens {
      let kind = Int(token) < kinds.count ? Int(kinds[Int(token)]) : 0
      sums[kind] &+= numbers[Int(token)]
    }
    return sums.map { String($0) }
  }
}
