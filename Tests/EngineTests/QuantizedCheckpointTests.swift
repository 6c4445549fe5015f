import Checkpoint
import Diagnostics
import Engine
import Foundation
import Models
import Options
import Testing

@testable import Models

@Suite("Quantized checkpoints")
struct QuantizedCheckpointTests {
  @Test(
    "schemes that are not read are refused by name, with what to download instead",
    arguments: [
      ("awq", "AWQ"), ("gptq", "GPTQ"), ("bitsandbytes", "bitsandbytes"),
      ("compressed-tensors", "compressed-tensors"), ("fp8", "FP8 without blocks"),
      ("hqq", "hqq"),
    ])
  func refused(_ method: String, _ name: String) throws {
    for isNested in [false, true] {
      let folder = try EditedCheckpoint("qwen2.5-vl/tiny-nested")
      try folder.edit("config.json") { values in
        let scheme: [String: Any] = ["quant_method": method, "bits": 4]
        if isNested {
          var text = values["text_config"] as? [String: Any] ?? [:]
          text["quantization_config"] = scheme
          values["text_config"] = text
        } else {
          values["quantization_config"] = scheme
        }
      }
      for weights in WeightPrecision.allCases {
        let failure = #expect(throws: Failure.self) {
          try Session(modelFolder: folder.path, options: ModelOptions(weights: weights))
        }
        #expect(failure?.code == .modelQuantized)
        #expect(failure?.message.contains("quantized (\(name))") == true)
        #expect(failure?.remedy?.contains("in bf16") == true)
      }
    }
  }

  @Test("a family that is not supported is the better reason")
  func family() throws {
    let folder = try EditedCheckpoint("qwen2.5-vl/tiny-nested")
    try folder.edit("config.json") {
      $0["model_type"] = "other"
      $0["quantization_config"] = ["quant_method": "awq"]
    }
    let failure = #expect(throws: Failure.self) { try Session(modelFolder: folder.path) }
    #expect(failure?.code == .modelFamily)
  }

  @Test("every byte of FP8 is the number that the format defines")
  func numbers() {
    let numbers = WidenedCheckpoint.numbers
    #expect(numbers.count == 256)
    #expect(numbers[0x00] == 0 && numbers[0x38] == 1 && numbers[0xb8] == -1)
    // The largest, the smallest normal, the largest and the smallest subnormal number.
    #expect(numbers[0x7e] == 448 && numbers[0x08] == 1 / 64.0)
    #expect(numbers[0x07] == 7 / 512.0 && numbers[0x01] == 1 / 512.0)
    #expect(numbers[0x7f].isNaN && numbers[0xff].isNaN)
    #expect(zip(numbers[..<127], numbers[1..<127]).allSatisfy(<))
  }

  /// Two checkpoints: the language model's products in FP8 with a scale for each block of 24×32, and in
  /// bf16 with the numbers that these stand for.
  private func pair(_ name: String) throws -> (narrow: EditedCheckpoint, wide: EditedCheckpoint) {
    let block = (rows: 24, columns: 32)
    let narrow = try EditedCheckpoint(name)
    let wide = try EditedCheckpoint(name)
    func isQuantized(_ tensor: EditedCheckpoint.Tensor) -> Bool {
      tensor.name.contains("layers.") && tensor.shape.count == 2
    }
    /// Bytes of numbers below 2, and a scale for each block: powers of two and others.
    func quantized(_ tensor: EditedCheckpoint.Tensor) -> (bytes: [UInt8], scales: [Float]) {
      let across = (tensor.shape[1] + block.columns - 1) / block.columns
      let down = (tensor.shape[0] + block.rows - 1) / block.rows
      let bytes = (0..<tensor.bytes.count / 2).map {
        UInt8(truncatingIfNeeded: UInt32(truncatingIfNeeded: $0) &* 2_654_435_761 >> 24) & 0xbf
      }
      return (bytes, (0..<across * down).map { Float(3 + $0 % 5) / 64 })
    }
    try narrow.rewrite { tensor in
      guard isQuantized(tensor) else { return [tensor] }
      let (bytes, scales) = quantized(tensor)
      let across = (tensor.shape[1] + block.columns - 1) / block.columns
      return [
        EditedCheckpoint.Tensor(
          name: tensor.name, dtype: "F8_E4M3", shape: tensor.shape, bytes: bytes),
        EditedCheckpoint.Tensor(
          name: tensor.name + "_scale_inv", dtype: "F32", shape: [scales.count / across, across],
          bytes: scales.flatMap { scale in
            withUnsafeBytes(of: scale.bitPattern.littleEndian) { Array($0) }
          }),
      ]
    }
    try narrow.edit("config.json") {
      $0["quantization_config"] = [
        "quant_method": "fp8", "fmt": "e4m3", "activation_scheme": "dynamic",
        "weight_block_size": [block.rows, block.columns],
      ]
    }
    try wide.rewrite { tensor in
      guard isQuantized(tensor) else { return [tensor] }
      let (bytes, scales) = quantized(tensor)
      let across = (tensor.shape[1] + block.columns - 1) / block.columns
      var tensor = tensor
      tensor.bytes = bytes.enumerated().flatMap { index, byte -> [UInt8] in
        let (row, column) = index.quotientAndRemainder(dividingBy: tensor.shape[1])
        // Products of four and three bits are exact in bf16.
        let number =
          WidenedCheckpoint.numbers[Int(byte)]
          * scales[row / block.rows * across + column / block.columns]
        return [UInt8(number.bitPattern >> 16 & 255), UInt8(number.bitPattern >> 24)]
      }
      return [tensor]
    }
    return (narrow, wide)
  }

  @Test(
    "FP8 in blocks says what the same numbers in bf16 say, and its memory is known before",
    arguments: ["qwen2.5-vl/tiny-nested", "tiny-late"])
  func widened(_ name: String) throws {
    let (narrow, wide) = try pair(name)
    for weights in WeightPrecision.allCases {
      var logits: [[Float]] = []
      for folder in [narrow, wide] {
        let checkpoint = try Checkpoint(folder: folder.path)
        let options = ModelOptions(weights: weights)
        let counted = try ModelRegistry.weightBytes(
          ModelFiles(checkpoint), of: checkpoint, options: options)
        let session = try Session(modelFolder: folder.path, options: options, threads: 2)
        #expect(session.model.assets.weights.bytes == counted)
        let dump = AnswerDump()
        var request = Request(prompt: "How many?")
        request.media = [MediaItem(path: Fixtures.path("media/picture1.png"))]
        request.maxNewTokens = 1
        _ = try session.answer(request, dump: dump)
        logits.append(try #require(dump.floats("logits")))
      }
      #expect(logits[0] == logits[1], "\(weights)")
    }
    // The packed file is used in the place of the widened weights.
    var options = ModelOptions(weights: .int8)
    options.usesPackedFile = false
    let checkpoint = try Checkpoint(folder: narrow.path)
    let packed = try ModelRegistry.load(checkpoint, options: options).assets.weights.packed
    try PackedFile.write(packed, of: checkpoint)
    let session = try Session(
      modelFolder: narrow.path, options: ModelOptions(weights: .int8), threads: 2)
    #expect(session.model.assets.weights.packed.allSatisfy { !$0.weights.isOwned })
    #expect(session.model.assets.notes.isEmpty)
  }

  @Test("scales that are missing or of another shape are named")
  func scales() throws {
    let (narrow, _) = try pair("qwen2.5-vl/tiny-nested")
    try narrow.edit("config.json") {
      var scheme = $0["quantization_config"] as? [String: Any] ?? [:]
      scheme["weight_block_size"] = [16, 32]
      $0["quantization_config"] = scheme
    }
    let shape = #expect(throws: Failure.self) { try Session(modelFolder: narrow.path) }
    #expect(shape?.code == .checkpointShapeMismatch)
    try narrow.rewrite { $0.name.hasSuffix("_scale_inv") ? [] : [$0] }
    let missing = #expect(throws: Failure.self) { try Session(modelFolder: narrow.path) }
    #expect(missing?.code == .checkpointTensorMissing)
    #expect(missing?.message.contains("_scale_inv") == true)
  }
}
