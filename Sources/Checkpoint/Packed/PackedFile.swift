import Compute
import Diagnostics

/// A file of packed 8-bit weights beside a model, so that loading does not have to pack them.
///
/// The container is safetensors, with all its checks: `U8` tensors of shape `[panels, groups, bytes per
/// block]` under the names of the matrices they were packed from. The metadata name the layout, the
/// files the weights were packed from, and two checksums: one over some pages of every tensor, checked
/// whenever the file is opened, and one over everything.
public struct PackedFile: Sendable {
  /// The version of the metadata's format and meaning.
  static let version = "1"

  private enum Key {
    static let version = "illava_pack"
    static let layout = "layout"
    static let precision = "precision"
    static let source = "source"
    static let spots = "checksum_of_spots"
    static let all = "checksum"
  }

  /// The file's path.
  public let path: String
  /// The precision of its weights.
  public let precision: PackedPrecision
  /// Bytes of all packed weights.
  public var totalBytes: Int { file.totalBytes }
  /// The names of the matrices it holds.
  public var names: [String] { file.names }

  private let file: Safetensors
  /// The layouts of its matrices.
  private let layouts: [PackedLayout]

  /// Opens the packed weights of a checkpoint.
  ///
  /// - Returns: `nil` where there are none.
  /// - Throws: `modelUnusable` with `pack.damaged`, `pack.foreign` or `pack.stale` when the file may
  ///   not be used, `missingInput` when it may not be read.
  public init?(
    of checkpoint: Checkpoint, _ precision: PackedPrecision = .int8
  ) throws(Failure) {
    let path = checkpoint.packedPath(precision)
    guard RegularFile.exists(path) else { return nil }
    self.path = path
    self.precision = precision
    do throws(Failure) {
      file = try Safetensors(path: path)
    } catch {
      guard error.kind == .modelUnusable else { throw error }
      throw Self.refused(.packDamaged, error.message)
    }
    guard let version = file.metadata[Key.version] else {
      throw Self.refused(.packForeign, "\(path): not written by illava pack")
    }
    let names = (file.metadata[Key.layout] ?? "").split(separator: " ")
    layouts = names.compactMap { name in PackedLayout.allCases.first { $0.name == name } }
    guard version == Self.version, !layouts.isEmpty, layouts.count == names.count,
      file.metadata[Key.precision] ?? PackedPrecision.int8.rawValue == precision.rawValue
    else {
      throw Self.refused(
        .packForeign,
        "\(path): version \(version.quoted) with the layout "
          + "\((file.metadata[Key.layout] ?? "").quoted), expected \(Self.version.quoted) with "
          + "layouts of \(precision.rawValue)")
    }
    guard file.metadata[Key.source] == (try checkpoint.identity()) else {
      throw Self.refused(.packStale, "\(path): packed from other files than those there now")
    }
    guard file.metadata[Key.spots] == checksum(of: PackedChecksum.spots) else {
      throw Self.refused(.packDamaged, "\(path): its contents are not what was written")
    }
    // With a page the kernel maps its neighbors, up to half a MiB of them. Counted as memory of the
    // program, they would be planned for twice.
    file.discard()
  }

  /// The weights of one matrix, or `nil` where the file has none of this name and shape.
  public func weights(_ name: String, outputs: Int, inputs: Int) -> PackedWeights? {
    guard let entry = file.tensor(name), entry.dtype == StoredType.u8.rawValue,
      let layout = layouts.first(where: {
        entry.shape == Self.shape(outputs: outputs, inputs: inputs, $0)
      }),
      // Kernels read whole cache lines.
      Int(bitPattern: entry.bytes.baseAddress) % 64 == 0
    else { return nil }
    return PackedWeights(
      outputs: outputs, inputs: inputs, layout: layout, bytes: entry.bytes, owner: entry.owner)
  }

  /// Reads the whole file and compares it with its checksum.
  ///
  /// - Throws: `modelUnusable` with `pack.damaged`.
  public func verify() throws(Failure) {
    guard file.metadata[Key.all] == checksum(of: { [$0] }) else {
      throw Self.refused(.packDamaged, "\(path): its contents are not what was written")
    }
  }

  /// Writes packed weights into the folder of the checkpoint they were made from.
  ///
  /// The file appears under its name only when all of it is on disk; an existing one is replaced.
  ///
  /// - Returns: its path.
  /// - Throws: as `SafetensorsWriter.write(to:)`.
  @discardableResult
  public static func write(
    _ matrices: [(name: String, weights: PackedWeights)], of checkpoint: Checkpoint,
    _ precision: PackedPrecision = .int8
  ) throws(Failure) -> String {
    var (spots, all) = (PackedChecksum(), PackedChecksum())
    var writer = SafetensorsWriter()
    writer.dataAlignment = 64
    for (name, weights) in matrices {
      try writer.add(
        name, shape: shape(outputs: weights.outputs, inputs: weights.inputs, weights.layout) ?? [],
        weights)
      for part in PackedChecksum.spots(weights.bytes) { spots.add(part) }
      all.add(weights.bytes)
    }
    writer.metadata = [
      Key.version: version, Key.precision: precision.rawValue,
      Key.layout: PackedLayout.allCases.filter { layout in
        matrices.contains { $0.weights.layout == layout }
      }.map(\.name).joined(separator: " "),
      Key.source: try checkpoint.identity(), Key.spots: spots.text, Key.all: all.text,
    ]
    let path = checkpoint.packedPath(precision)
    try writer.write(to: path)
    return path
  }

  private static func shape(outputs: Int, inputs: Int, _ layout: PackedLayout) -> [Int]? {
    guard PackedWeights.byteCount(outputs: outputs, inputs: inputs, layout: layout) != nil else {
      return nil
    }
    return PackedWeights.blocks(outputs: outputs, inputs: inputs, layout: layout)
  }

  private func checksum(
    of parts: (UnsafeRawBufferPointer) -> [UnsafeRawBufferPointer]
  ) -> String {
    var checksum = PackedChecksum()
    for name in file.names {
      guard let entry = file.tensor(name) else { continue }
      withExtendedLifetime(entry.owner) {
        for part in parts(entry.bytes) { checksum.add(part) }
      }
    }
    return checksum.text
  }

  private static func refused(_ code: FailureCode, _ message: String) -> Failure {
    Failure(
      .modelUnusable, code: code, message, remedy: "Run illava pack --model DIR again.")
  }
}
