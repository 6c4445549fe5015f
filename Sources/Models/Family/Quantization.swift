import Diagnostics
import FoundationEssentials

/// How the weights of a checkpoint are quantized, from `quantization_config` of its `config.json`.
struct Quantization: Sendable {
  /// Rows and columns of the blocks that share a scale (`weight_block_size`).
  let block: (rows: Int, columns: Int)

  private struct File: Decodable {
    struct Part: Decodable {
      let quantization_config: Scheme?
    }

    struct Scheme: Decodable {
      let quant_method: String?
      let weight_block_size: [Int]?
      let fmt: String?
    }

    let quantization_config: Scheme?
    let text_config: Part?
    let llm_config: Part?
  }

  /// Reads the scheme of a model; `nil` where the weights are not quantized.
  ///
  /// - Throws: `model.quantized` for a scheme that is not read, `model.config`.
  init?(_ files: ModelFiles) throws(Failure) {
    let file = try ConfigurationFile.decode(
      File.self, files.configuration, file: files.path)
    guard
      let scheme = file.quantization_config ?? file.text_config?.quantization_config
        ?? file.llm_config?.quantization_config
    else { return nil }
    let method = scheme.quant_method ?? "of a kind that it does not name"
    guard method == "fp8", scheme.fmt ?? "e4m3" == "e4m3", let size = scheme.weight_block_size,
      size.count == 2, size.allSatisfy({ (1...ShapeCheck.largest).contains($0) })
    else { throw Self.refused(files.path, method) }
    block = (size[0], size[1])
  }

  private static func refused(_ path: String, _ method: String) -> Failure {
    let names = [
      "awq": "AWQ", "gptq": "GPTQ", "bitsandbytes": "bitsandbytes", "fp8": "FP8 without blocks",
      "compressed-tensors": "compressed-tensors",
    ]
    return Failure(
      .modelUnusable, code: .modelQuantized,
      "\(path): the weights are quantized (\(names[method] ?? method))",
      remedy: "Download the release in bf16, whose name has no ending such as -AWQ, -GPTQ-Int4 or "
        + "-bnb-4bit, and use --weights int8 to hold it in half the memory.")
  }
}
