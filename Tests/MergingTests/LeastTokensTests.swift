import Merging
import Testing

@Suite("Tokens that are left at least")
struct LeastTokensTests {
  private func resolved(
    _ profile: MergeProfile = .tuned, _ change: (inout MergeParameters) -> Void = { _ in }
  ) throws -> ResolvedMerging {
    var parameters = MergeParameters(profile: profile)
    change(&parameters)
    return try parameters.resolved(visionDepth: 27, textDepth: 36, deepStackLayers: [9])
  }

  @Test("the profile's number goes with the profile's shares, unless somebody chooses")
  func defaults() throws {
    #expect(try resolved().leastTokens == MergeProfile.tuned.leastTokens)
    #expect(MergeProfile.tuned.leastTokens > 0)
    for profile in [MergeProfile.exact, .published, .off] {
      #expect(try resolved(profile).leastTokens == 0)
    }
    #expect(try resolved { $0.visionRetention = .share(0.5) }.leastTokens == 0)
    #expect(try resolved { $0.textRetention = .share(0.5) }.leastTokens == 0)
    #expect(try resolved { $0.leastTokens = 0 }.leastTokens == 0)
    #expect(try resolved(.exact) { $0.leastTokens = 9 }.leastTokens == 9)
  }

  @Test("a question of no more tokens is left alone, and says so")
  func few() throws {
    let merging = try resolved { $0.leastTokens = 24 }
    for tokens in [1, 16, 24] {
      let spared = merging.sparing(of: tokens)
      #expect(spared.vision.layers.isEmpty && spared.text.layers.isEmpty)
      #expect(spared.tokensLeft(of: tokens) == tokens)
      #expect(spared.notes.count == merging.notes.count + 1)
      #expect(spared.notes.last?.contains("\(tokens) visual tokens") == true)
    }
  }

  @Test("a question of some more keeps about as many, both stages in proportion")
  func some() throws {
    let merging = try resolved { $0.leastTokens = 24 }
    for tokens in [25, 36, 49, 64] {
      let spared = merging.sparing(of: tokens)
      #expect(abs(spared.compoundRetention - 24 / Double(tokens)) < 1e-9)
      #expect(abs(spared.tokensLeft(of: tokens) - 24) <= 2)
      #expect(spared.vision.layers == merging.vision.layers)
      #expect(spared.notes == merging.notes)
      guard case .share(let vision) = spared.vision.retention,
        case .share(let text) = spared.text.retention
      else {
        Issue.record("the shares are gone")
        continue
      }
      // The default gives both stages the same share.
      #expect(abs(vision - text) < 1e-9)
    }
  }

  @Test("a question of many tokens, rows removed by number, and no such wish change nothing")
  func unchanged() throws {
    let merging = try resolved { $0.leastTokens = 24 }
    #expect(merging.sparing(of: 196) == merging)
    #expect(merging.sparing(of: 0) == merging)
    let byNumber = try resolved {
      $0.leastTokens = 24
      $0.visionRetention = .removed(3)
    }
    #expect(byNumber.sparing(of: 16) == byNumber)
    let none = try resolved { $0.leastTokens = 0 }
    #expect(none.sparing(of: 16) == none)
    let off = try resolved(.off) { $0.leastTokens = 24 }
    #expect(off.sparing(of: 16) == off)
  }

  @Test("one stage alone spares as many")
  func oneStage() throws {
    let merging = try resolved {
      $0.leastTokens = 24
      $0.textEnabled = false
      $0.visionRetention = .share(0.7)
    }
    let spared = merging.sparing(of: 48)
    #expect(abs(spared.compoundRetention - 0.5) < 1e-9)
    #expect(abs(spared.tokensLeft(of: 48) - 24) <= 1)
  }
}
