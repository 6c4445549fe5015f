import Diagnostics
import Foundation
import Options
import Testing

@Suite("What was chosen for a question")
struct QuestionOptionsTests {
  /// Options as earlier versions stored and sent them.
  private static let stored = """
    {"enable_illava_llm":false,"enable_illava_vit":true,"floor":"scene","fps":0.5,\
    "illava_llm_k":"19-21","illava_llm_mode":1,"illava_llm_r":12,"illava_llm_score":"question",\
    "illava_vit_k":"5-6-7-8","illava_vit_min":64,"illava_vit_mode":3,"illava_vit_r":0.85,\
    "illava_vit_score":"distinct","max_new_tokens":64,"max_pixels":4096,"profile":"exact",\
    "repetition_penalty":1.25,"seed":9,"system":"Be brief.","temperature":0.5,"top_k":40,\
    "top_p":0.75}
    """

  private func read(_ text: String) throws -> QuestionOptions {
    try JSONDecoder().decode(QuestionOptions.self, from: Data(text.utf8))
  }

  private func written(_ options: QuestionOptions) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(options), as: UTF8.self)
  }

  @Test("what is stored is read and written as ever")
  func coding() throws {
    let options = try read(Self.stored)
    #expect(options.visionRetention == .share(0.85))
    #expect(options.textRetention == .removed(12))
    #expect(options.textLayers?.layers == [19, 21])
    #expect(options.textScore == .question)
    #expect(options.textEnabled == false)
    #expect(options.framesPerSecond == 0.5)
    #expect(options.floor == .scene)
    #expect(try written(options) == Self.stored)
    #expect(try written(QuestionOptions()) == "{}")
  }

  @Test("a stored value that is wrong costs the question, not the store")
  func wrong() throws {
    let options = try read(#"{"illava_vit_k":"5-5","unknown":1}"#)
    #expect(options.visionLayers == nil)
    #expect(options != QuestionOptions())
    let failure = #expect(throws: Failure.self) { try options.value(\.visionLayers) }
    #expect(failure?.code == .mergingLayers)
    #expect(throws: (any Error).self) { try read(#"{"frames":"many"}"#) }
  }

  @Test("a seed of its own does not take FastV away")
  func seed() throws {
    var own = QuestionOptions()
    own.mergeSeed = 5
    var other = QuestionOptions()
    other.fastV = try FastV(layer: 2, removed: 0.5)
    let filled = own.filled(from: other)
    #expect(filled.mergeSeed == 5 && filled.fastV == other.fastV && filled.conflict == nil)
  }

  @Test("what is left open is filled in, except for what excludes what was chosen")
  func filling() throws {
    var own = QuestionOptions()
    own.frames = 4
    own.visionMode = .drop
    var other = QuestionOptions()
    other.framesPerSecond = 2
    other.visionMode = .absorb
    other.textMode = .recycle
    other.temperature = 0.5
    other.fastV = try FastV(layer: 2, removed: 0.5)
    var expected = own
    expected.textMode = .recycle
    expected.temperature = 0.5
    #expect(own.filled(from: other) == expected)
    #expect(own.conflict == nil)
    own.framesPerSecond = 1
    #expect(own.conflict?.0.name == "fps" && own.conflict?.1.name == "frames")
  }
}
