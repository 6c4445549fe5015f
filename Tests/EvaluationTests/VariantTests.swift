import Diagnostics
import Engine
import Foundation
import Merging
import Models
import Options
import Testing

@testable import Evaluation

@Suite("Variants")
struct VariantTests {
  private let model: any VisionLanguageModel

  init() throws { model = try Fixtures.session().model }

  @Test(
    "a share of tokens is what is left in the end, for every kind of variant",
    arguments: ["exact", "random", "fastv", "exact:no-vit", "diverse:no-llm", "resize"],
    [0.5, 0.35, 0.15])
  func retention(_ name: String, _ share: Double) throws {
    let variant = try #require(
      try VariantList.parse(name, retentions: [share], seed: 0, model: model).first)
    let merging = try model.resolve(variant.shrinksLike ?? variant.merging)
    // Rounding at each of up to eight layers changes the share only slightly.
    #expect(abs(Double(merging.tokensLeft(of: 4000)) / 4000 - share) < 0.003)
  }

  @Test("ViT and LLM keep their parts in the work at every share")
  func proportions() throws {
    let shares = try VariantList.parse("exact", retentions: [0.3], seed: 0, model: model)
    let merging = try #require(shares.first?.merging)
    guard case .share(let vision) = merging.visionRetention,
      case .share(let text) = merging.textRetention
    else { return #expect(Bool(false), "no shares") }
    // ln 0.85 : ln 0.9 = 1.5425
    #expect(abs(log(vision) / log(text) - 1.54250) < 1e-4)
  }

  @Test("names and options become what they say; off is not repeated at every share")
  func parsing() throws {
    let all = try VariantList.parse(
      VariantList.names.joined(separator: ","), retentions: [], seed: 3, model: model)
    #expect(all.map(\.name) == VariantList.names)
    #expect(all.first { $0.name == "diverse" }?.merging.visionChoice == .diverse)
    #expect(all.first { $0.name == "random" }?.merging.textChoice == .random)
    let randomVision = try #require(all.first { $0.name == "random-vit" }).merging
    #expect(randomVision.visionChoice == .random && randomVision.textChoice == nil)
    #expect(all.first { $0.name == "resize" }?.merging.profile == .off)
    #expect(all.first { $0.name == "resize" }?.shrinksLike?.profile == .standard)
    let swept = try VariantList.parse(
      "off,exact", retentions: [0.5, 0.2], seed: 0, model: model)
    #expect(swept.map(\.retention) == [nil, 0.5, 0.2])
    let limited = try VariantList.parse(
      "off,exact,resize", retentions: [], memory: [3 << 20, 5 << 20], seed: 0, model: model)
    #expect(limited.map(\.memory) == [nil, 3 << 20, 5 << 20, 3 << 20, 5 << 20])
    #expect(Set(try limited.map { try $0.description(for: model) }).count == 5)
    let text =
      "lse:vit-k=3-4:vit-r=0.7:vit-mode=1:llm-k=2-5:llm-r=0.6:llm-mode=2:"
      + "llm-score=random:seed=9"
    let merging = try #require(
      try VariantList.parse(text, retentions: [], seed: 0, model: model).first
    ).merging
    var expected = MergeParameters(profile: .exact)
    expected.visionChoice = .lse
    expected.visionLayers = try LayerList([3, 4])
    expected.visionRetention = .share(0.7)
    expected.visionMode = .drop
    expected.textLayers = try LayerList([2, 5])
    expected.textRetention = .share(0.6)
    expected.textMode = .shiftMerge
    expected.textChoice = .random
    expected.seed = 9
    #expect(merging == expected)
  }

  @Test("what decides an answer tells variants apart, what does not does not")
  func descriptions() throws {
    func text(_ name: String) throws -> String {
      let parsed = try VariantList.parse(name, retentions: [], seed: 0, model: model)
      return try #require(parsed.first).description(for: model)
    }
    #expect(try text("default") == text("tuned"))
    #expect(try text("tuned") != text("exact"))
    #expect(try text("exact") == text("attention"))
    let names = [
      "off", "exact", "lse", "distinct", "random", "random-vit", "resize", "fastv", "published",
      "exact:vit-mode=1", "exact:vit-r=0.8", "exact:vit-k=2-3", "exact:seed=2", "exact:no-llm",
      "exact:llm-score=random",
      "resize:vit-r=0.5", "exact:static-margin=1", "exact:static-margin=0",
      "exact:static-tokens=absorb", "off:static-margin=1",
    ]
    #expect(Set(try names.map(text)).count == names.count)
  }

  @Test(
    "what is no profile, option or share is refused",
    arguments: [
      "", "exact,nothing", "exact:vit-k", "exact:vit-mode=5", "exact:vit-r=x", "off:speed=1",
      "exact:no-vit=1", "exact:seed=-1", "exact:vit-score=best",
    ])
  func refusals(_ text: String) throws {
    #expect(throws: Failure.self) {
      try VariantList.parse(text, retentions: [], seed: 0, model: model)
    }
  }

  @Test(
    "shares outside of 0 to 1, and profiles without one, are refused",
    arguments: [
      ("exact", 0), ("exact", 1), ("exact", .nan), ("exact:vit-r=5", 0.5),
      ("exact:no-vit:no-llm", 0.5),
    ])
  func badShares(_ text: String, _ share: Double) throws {
    let failure = #expect(throws: Failure.self) {
      try VariantList.parse(text, retentions: [share], seed: 0, model: model)
    }
    #expect(failure?.code == .evaluationRetention)
  }

  @Test(
    "grids shrink to about as many tokens in about the same proportions",
    arguments: [(7, 7), (14, 14), (10, 6), (3, 20), (1, 9), (28, 28)])
  func grids(_ down: Int, _ across: Int) {
    for tokens in 1...down * across {
      let grid = TokenGrid.shrunk(down: down, across: across, toTokens: tokens)
      #expect(1...down ~= grid.down && 1...across ~= grid.across)
      let miss = abs(grid.down * grid.across - tokens)
      // Off by at most half a row or column.
      #expect(miss <= max(grid.down, grid.across) / 2 + 1)
    }
    #expect(TokenGrid.shrunk(down: down, across: across, toTokens: 9999) == (down, across))
  }
}
