import Checkpoint
import Compute
import Diagnostics

/// The tensors of a model in GGUF, under their names in a Hugging Face folder.
///
/// Numbers of 16 or 32 bits stay in the mapped file where they lie as the model reads them. Others are put
/// together or widened to f32 when they are asked for by `weights`; whoever can use blocks asks for
/// `blocks` first.
struct GGUFWeights: WeightSource {
  let model: GGUFModel
  let threads: ThreadTeam
  /// Whether the numbers are wanted; if not, matrices have the right size only.
  var isFilled = true

  func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    let recipe = try recipe(name, shape)
    guard let elementType = recipe.elementType else {
      let types = Set(recipe.parts.map(\.type.name)).sorted().joined(separator: ", ")
      throw Failure(
        .modelUnusable, code: .checkpointTypeUnsupported,
        "\(model.text.path): tensor \(name) has the type \(types), which is not read",
        remedy: "Use a file in Q8_0, Q6_K, Q5_K_M, Q4_K_M or IQ4_XS.")
    }
    if let stored = recipe.stored, stored.type.elementType == elementType,
      let base = stored.bytes.baseAddress, Int(bitPattern: base) % elementType.size == 0
    {
      return WeightStorage(shape: shape, elementType: elementType, base: base, owner: stored.owner)
    }
    let memory = try OwnedWeights(shape: shape, elementType: elementType)
    // Short tensors are read where only sizes are wanted, too.
    guard isFilled || shape.count == 1 else { return memory.storage }
    nonisolated(unsafe) let target = memory.base
    let rows = recipe.rows
    let rowBytes = rows == 0 ? 0 : memory.storage.count / rows * elementType.size
    threads.forEachRun(of: rows, size: 64) { run in
      recipe.fill(target + run.lowerBound * rowBytes, rows: run)
    }
    for part in recipe.parts where shape.count > 1 {
      Checkpoint.release(part.bytes, of: part.owner)
    }
    return memory.storage
  }

  func blocks(_ name: String, outputs: Int, inputs: Int) throws(Failure) -> StoredBlocks? {
    try recipe(name, [outputs, inputs]).blocks { bytes in
      guard let memory = try? OwnedWeights(shape: [bytes / 2 + 1], elementType: .bf16) else {
        return nil
      }
      return (memory.base, memory)
    }
  }

  func discard(_ bytes: Range<Int>, of storage: WeightStorage) {
    Checkpoint.release(
      UnsafeRawBufferPointer(start: storage.base + bytes.lowerBound, count: bytes.count),
      of: storage.owner)
  }

  func discard(rows: Range<Int>, of blocks: StoredBlocks) {
    Checkpoint.release(
      UnsafeRawBufferPointer(
        start: blocks.base + rows.lowerBound * blocks.rowBytes, count: rows.count * blocks.rowBytes),
      of: blocks.owner)
  }

  /// The recipe of a tensor of this shape.
  private func recipe(_ name: String, _ shape: [Int]) throws(Failure) -> GGUFRecipe {
    guard let recipe = model.translation.recipe(name) else {
      let other = model.translation.expectedName(name).map { "“\($0)” (\(name))" } ?? name
      throw Failure(
        .modelUnusable, code: .checkpointTensorMissing, "\(model.text.path): no tensor \(other)",
        remedy: "Convert the model again with a current llama.cpp, or download another release.")
    }
    guard recipe.shape == shape else {
      let names = recipe.parts.map(\.name).joined(separator: ", ")
      throw Failure(
        .modelUnusable, code: .checkpointShapeMismatch,
        "\(model.text.path): tensor \(names) gives the shape \(recipe.shape), expected \(shape)",
        remedy: "Use the files of one release: this one and its mmproj do not belong together.")
    }
    return recipe
  }
}
