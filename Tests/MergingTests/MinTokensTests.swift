import Merging
import Options
import Testing

@Suite("Tokens that the ViT leaves at least")
struct MinTokensTests {
  private func resolved(
    _ profile: MergeProfile = .tuned, _ change: (inout MergeParameters) -> Void = { _ in }
  ) throws -> ResolvedMerging {
    var parameters = MergeParameters(profile: profile)
    change(&parameters)
    return try parameters.resolved(visionDepth: 27, textDepth: 36, deepStackLayers: [9])
  }

  @Test("the profile's number goes with the profile's share, unless somebody chooses")
  func defaults() throws {
    #expect(try resolved().visionMinTokens == MergeProfile.tuned.visionMinTokens)
    #expect(MergeProfile.tuned.visionMinTokens > 0)
    for profile in [MergeProfile.exact, .published, .off] {
      #expect(try resolved(profile).visionMinTokens == 0)
    }
    #expect(try resolved { $0.visionRetention = .share(0.5) }.visionMinTokens == 0)
    #expect(
      try resolved { $0.textRetention = .share(0.5) }.visionMinTokens
        == MergeProfile.tuned.visionMinTokens)
    #expect(try resolved { $0.visionMinTokens = 0 }.visionMinTokens == 0)
    #expect(try resolved(.exact) { $0.visionMinTokens = 9 }.visionMinTokens == 9)
  }

  @Test("a question of no more tokens is left alone in the ViT, and says so")
  func few() throws {
    let merging = try resolved { $0.visionMinTokens = 36 }
    for tokens in [1, 16, 36] {
      let spared = merging.sparing(of: tokens)
      #expect(spared.vision.layers.isEmpty)
      #expect(spared.text == merging.text)
      #expect(spared.notes.count == merging.notes.count + 1)
      #expect(spared.notes.last?.contains("\(tokens) visual tokens") == true)
    }
  }

  @Test("a question of some more keeps about as many in the ViT")
  func some() throws {
    let merging = try resolved {
      $0.visionMinTokens = 36
      $0.textEnabled = false
    }
    for tokens in [37, 42, 49, 54] {
      let spared = merging.sparing(of: tokens)
      #expect(abs(spared.compoundRetention - 36 / Double(tokens)) < 1e-9)
      #expect(abs(spared.tokensLeft(of: tokens) - 36) <= 2)
      #expect(spared.vision.layers == merging.vision.layers)
      #expect(spared.notes == merging.notes)
    }
  }

  @Test("a question of many tokens, rows removed by number, and no such wish change nothing")
  func unchanged() throws {
    let merging = try resolved { $0.visionMinTokens = 36 }
    #expect(merging.sparing(of: 196) == merging)
    #expect(merging.sparing(of: 0) == merging)
    let byNumber = try resolved {
      $0.visionMinTokens = 36
      $0.visionRetention = .removed(3)
    }
    #expect(byNumber.sparing(of: 16) == byNumber)
    let none = try resolved { $0.visionMinTokens = 0 }
    #expect(none.sparing(of: 16) == none)
    let off = try resolved(.off) { $0.visionMinTokens = 36 }
    #expect(off.sparing(of: 16) == off)
  }
}
