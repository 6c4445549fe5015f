import Diagnostics
import Merging
import Options
import Testing

@Suite("Merge parameters")
struct MergeParameterTests {
  private func code(_ body: () throws -> Void) -> FailureCode? {
    do {
      try body()
      return nil
    } catch { return (error as? Failure)?.code }
  }

  @Test(
    "the ViT rounds what it keeps, the LLM what it removes, halves to even",
    arguments: [
      // rows, retention, kept in the ViT, kept in the LLM
      (48, 0.85, 41, 41), (10, 0.85, 8, 8), (30, 0.85, 26, 25), (5, 0.5, 2, 3), (1, 0.85, 1, 1),
      (2, 0.1, 1, 1), (3, 0.01, 1, 1),
    ])
  func shares(_ rows: Int, _ share: Double, _ vision: Int, _ text: Int) throws {
    let retention = try Retention(share)
    #expect(retention.keptInVision(of: rows) == vision)
    #expect(retention.keptInText(of: rows) == text)
  }

  @Test("from 1 on a retention is a number of rows to remove")
  func removed() throws {
    #expect(try Retention(1).keptInVision(of: 10) == 9)
    #expect(try Retention(4).keptInText(of: 10) == 6)
    #expect(try Retention(99).keptInVision(of: 10) == 1)
  }

  @Test("retentions that mean nothing are refused", arguments: [0, -0.5, .nan, .infinity])
  func badRetention(_ value: Double) {
    #expect(code { _ = try Retention(value) } == .mergingRetention)
  }

  @Test(
    "layer lists are ascending numbers joined by hyphens",
    arguments: [
      "", "5-", "-5", "5-5", "8-7", "5,6", "5-x", "5--6", "٥-٦", "99999999999999999999",
    ])
  func badLayers(_ text: String) {
    #expect(code { _ = try LayerList(text: text) } == .mergingLayers)
  }

  @Test("published layers where the model has them")
  func publishedLayers() throws {
    let merging = try MergeParameters(profile: .exact).resolved(
      visionDepth: 24, textDepth: 28, deepStackLayers: [5, 11, 17])
    #expect(merging.vision.layers == [5, 6, 7, 8])
    #expect(merging.text.layers == [19, 21, 23, 25])
    #expect(merging.notes.isEmpty)
  }

  @Test(
    "the same fractions of the depth where it does not, and a note that says so",
    arguments: [
      (12, 10), (6, 12), (9, 26), (4, 5), (1, 2), (2, 1),
    ])
  func fittedLayers(_ vision: Int, _ text: Int) throws {
    let merging = try MergeParameters(profile: .exact).resolved(
      visionDepth: vision, textDepth: text, deepStackLayers: [])
    for (layers, depth, first) in [
      (merging.vision.layers, vision, 0), (merging.text.layers, text, 1),
    ] {
      #expect(zip(layers, layers.dropFirst()).allSatisfy(<))
      #expect(layers.allSatisfy { $0 >= first && $0 < depth })
      #expect(layers.count == min(4, depth - first))
    }
    #expect(merging.notes.count == (vision < 9 ? 1 : 0) + (text < 26 ? 1 : 0))
    if text == 10 { #expect(merging.text.layers == [5, 6, 7, 8]) }
  }

  @Test(
    "layers of a family that scales them are at the same fractions of any depth",
    arguments: [
      (28, [6, 7, 8]), (36, [8, 9, 10]), (80, [17, 20, 23]), (10, [2, 3, 4]), (2, [1]),
    ])
  func scaledLayers(_ depth: Int, _ expected: [Int]) throws {
    let layers = MergeTarget.Layers([6, 7, 8], of: 28, isScaled: true)
    let merging = try MergeParameters(profile: .exact).resolved(
      for: MergeTarget(
        visionDepth: 28, textDepth: depth,
        defaults: MergeTarget.Defaults(vision: layers, tunedVision: layers, text: layers),
        published: .none))
    #expect(merging.vision.layers == [6, 7, 8])
    #expect(merging.text.layers == expected)
    #expect(merging.notes.count == (depth == 28 ? 0 : 1))
  }

  @Test("layers the model does not have are refused")
  func outOfRange() throws {
    var parameters = MergeParameters(profile: .exact)
    parameters.visionLayers = try LayerList([5, 12])
    #expect(
      code {
        _ = try parameters.resolved(visionDepth: 12, textDepth: 30, deepStackLayers: [])
      } == .mergingLayers)
    parameters.visionLayers = nil
    // No layer before layer 0 could score its tokens.
    parameters.textLayers = try LayerList([0])
    #expect(
      code {
        _ = try parameters.resolved(visionDepth: 12, textDepth: 30, deepStackLayers: [])
      } == .mergingLayers)
  }

  @Test("the published code has no mode that absorbs, the default is one")
  func absorbing() throws {
    var published = MergeParameters(profile: .published)
    published.textMode = .absorb
    #expect(
      code {
        _ = try published.resolved(visionDepth: 27, textDepth: 36, deepStackLayers: [9])
      } == .mergingMode)
    let tuned = try MergeParameters().resolved(visionDepth: 27, textDepth: 36, deepStackLayers: [9])
    #expect(tuned.vision.mode == .absorb && tuned.text.mode == .absorb)
  }

  @Test("the published code is refused where it cannot run")
  func publishedDeepStack() {
    #expect(
      code {
        _ = try MergeParameters(profile: .published).resolved(
          visionDepth: 24, textDepth: 28, deepStackLayers: [5, 11, 17])
      } == .mergingPublishedDeepStack)
  }

  @Test("FastV is one text layer that drops by the last token's attention")
  func fastV() throws {
    let merging = try MergeParameters.fastV(layer: 2, removed: 0.5).resolved(
      visionDepth: 24, textDepth: 28, deepStackLayers: [])
    #expect(merging.vision.layers.isEmpty)
    #expect(merging.text == MergeStage(.text, layers: [2], retention: .share(0.5), mode: .drop))
  }
}
