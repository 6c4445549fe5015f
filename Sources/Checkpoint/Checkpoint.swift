import Compute
import Diagnostics
import FoundationEssentials

/// A model folder as it is downloaded from Hugging Face, `config.json` and safetensors files; or a model in
/// GGUF, translated into what such a folder would have.
///
/// The weights are mapped, not read. Opening reads the headers only, and the bytes of a layer are read
/// from disk when the layer first runs. Where the folder has both a single `model.safetensors` and an
/// index of shards, the single file is used, as in the Transformers library.
public struct Checkpoint: Sendable {
  /// The name of the file that an unsplit checkpoint has.
  static let singleName = "model.safetensors"
  /// The name of the file that lists the shards of a split one.
  static let indexName = "model.safetensors.index.json"

  /// The folder's path, or that of the GGUF file, as it was given.
  public let folderPath: String
  /// The bytes of `config.json`, not yet parsed.
  public let configuration: Data
  /// The tensors' names: in the order of their bytes in a single file, in the index's order for shards.
  /// Tensors of a shard that are not in the index are left out.
  public let names: [String]
  /// The sum of the sizes of the tensors in `names`, in bytes.
  public let totalBytes: Int

  /// A model in GGUF; `nil` for folders.
  public let gguf: GGUFModel?

  private let folder: CheckpointFolder?
  private let files: [Safetensors]
  private let fileOfName: [String: Int]

  /// Opens a folder and checks the headers of all its weight files.
  ///
  /// - Throws: `missingInput` when the folder does not exist or a file may not be read, and
  ///   `modelUnusable` with a `checkpoint.` code when the folder is not a sound checkpoint.
  public init(folder path: String) throws(Failure) {
    let folder = try CheckpointFolder(path)
    guard let configuration = try folder.read("config.json") else {
      throw Self.noConfiguration(folder)
    }
    if folder.contains(Self.singleName) {
      let file = try Safetensors(path: folder.path(of: Self.singleName))
      files = [file]
      names = file.names
      fileOfName = Dictionary(file.names.map { ($0, 0) }) { first, _ in first }
      totalBytes = file.totalBytes
    } else if let text = try folder.read(Self.indexName) {
      let index = try Self.parseIndex(text, folder)
      files = try Self.openShards(index, folder)
      totalBytes = try Self.checkShards(index, files, folder)
      names = index.names
      fileOfName = index.shardOfName
    } else {
      throw Self.noWeights(folder)
    }
    self.folder = folder
    self.folderPath = path
    self.configuration = Data(configuration)
    gguf = nil
  }

  /// A model in GGUF.
  ///
  /// - Throws: `fault` with `checkpoint.config-missing` for a translation without a `config.json`.
  public init(_ gguf: GGUFModel) throws(Failure) {
    guard let configuration = gguf.translation.files["config.json"] else {
      throw Failure(.fault, code: .checkpointConfigMissing, "\(gguf.text.path): no configuration")
    }
    self.gguf = gguf
    self.configuration = configuration
    folderPath = gguf.text.path
    names = gguf.translation.names
    totalBytes = gguf.files.reduce(0) { $0 + $1.totalBytes }
    folder = nil
    files = []
    fileOfName = [:]
  }

  /// Whether there is a tensor of this name.
  public func contains(_ name: String) -> Bool {
    gguf.map { $0.translation.recipe(name) != nil } ?? (fileOfName[name] != nil)
  }

  /// The tensor of this name and any element type, or `nil` where there is none, as in GGUF.
  public func tensor(_ name: String) -> TensorEntry? {
    fileOfName[name].flatMap { files[$0].tensor(name) }
  }

  /// The bytes of a tensor in the files by the types they are stored in; none where there is no such tensor.
  public func storedBytes(_ name: String) -> [(type: String, bytes: Int)] {
    guard let gguf else { return tensor(name).map { [($0.dtype, $0.bytes.count)] } ?? [] }
    return gguf.translation.recipe(name)?.parts.map { ($0.type.name, $0.bytes.count) } ?? []
  }

  /// The tensor of this name, ready for the compute layers.
  ///
  /// The bytes stay in the mapped file. Only a tensor whose address is not a multiple of its element
  /// size is copied to the process's own memory, at each call.
  ///
  /// - Parameters:
  ///   - name: the full name as in the file.
  ///   - shape: the extents that the model's configuration asks for.
  /// - Throws: `modelUnusable` with `checkpoint.tensor-missing`, `checkpoint.shape-mismatch` or
  ///   `checkpoint.type-unsupported`; `outOfMemory` with `checkpoint.copy-failed`.
  public func weights(_ name: String, shape: [Int]) throws(Failure) -> WeightStorage {
    guard let fileIndex = fileOfName[name], let entry = files[fileIndex].tensor(name) else {
      throw missingTensor(name)
    }
    let file = files[fileIndex].path
    guard entry.shape == shape else {
      throw Failure(
        .modelUnusable, code: .checkpointShapeMismatch,
        "\(file): tensor \(name.quoted) has the shape \(entry.shape), expected \(shape)",
        remedy: "Download config.json and the weights again: they do not belong together.")
    }
    guard let elementType = ElementType(rawValue: entry.dtype), let base = entry.bytes.baseAddress
    else {
      throw Failure(
        .modelUnusable, code: .checkpointTypeUnsupported,
        "\(file): tensor \(name.quoted) has the type \(entry.dtype), expected BF16, F16 or F32",
        remedy: "Use the unquantized release of this model.")
    }
    guard Int(bitPattern: base) % elementType.size == 0 else {
      let copy = try AlignedBytes(copying: entry.bytes, for: name)
      return WeightStorage(shape: shape, elementType: elementType, base: copy.base, owner: copy)
    }
    return WeightStorage(shape: shape, elementType: elementType, base: base, owner: entry.owner)
  }

  /// A file of the folder, such as `generation_config.json`, or `nil` where there is none.
  ///
  /// - Throws: `modelUnusable` when it has more than 64 MiB or is no regular file, `missingInput`
  ///   when it may not be read, `fault` when the name holds a path.
  public func json(_ fileName: String) throws(Failure) -> Data? {
    if let gguf { return gguf.translation.files[fileName] }
    return try folder?.read(fileName).map { Data($0) }
  }

  /// Releases the pages of bytes `range` of a tensor in the mapped file, once they have been read.
  public func discard(_ range: Range<Int>, of storage: WeightStorage) {
    Self.release(
      UnsafeRawBufferPointer(start: storage.base + range.lowerBound, count: range.count),
      of: storage.owner)
  }

  /// Releases the pages of bytes of a mapped file; memory of the process stays as it is.
  public static func release(_ bytes: UnsafeRawBufferPointer, of owner: AnyObject) {
    guard let file = owner as? MappedFile, let start = file.bytes.baseAddress,
      let base = bytes.baseAddress
    else { return }
    file.discard(base - start..<base - start + bytes.count)
  }

  /// Asks the kernel to read all weights ahead of their use, which it may decline.
  public func prefetch() {
    for file in files { file.file.prefetch() }
    for file in gguf?.files ?? [] { file.file.prefetch() }
  }

  /// Names, sizes and modification times of the weight files. Data made from the files is out of date as
  /// soon as one of these changes.
  ///
  /// - Throws: `missingInput` when a file is gone.
  func identity() throws(Failure) -> String {
    var lines: [String] = []
    for path in weightPaths {
      let (size, changed) = try RegularFile(path: path).sizeAndChange()
      // Whole seconds: archives and container images keep no more.
      let name = path.split(separator: "/").last.map(String.init) ?? path
      lines.append("\(name) \(size) \(changed)")
    }
    return lines.sorted().joined(separator: "\n")
  }

  /// The paths of the weight files.
  var weightPaths: [String] { gguf?.files.map(\.path) ?? files.map(\.path) }

  /// Where the packed weights of this checkpoint belong: in the folder, or beside the GGUF file under its
  /// name.
  func packedPath(_ precision: PackedPrecision) -> String {
    folder?.path(of: precision.fileName) ?? gguf?.path(ending: precision.fileName)
      ?? folderPath + "/" + precision.fileName
  }

  private func missingTensor(_ name: String) -> Failure {
    let similar = NameSuggestions.names(like: name, among: names)
    let place = files.count == 1 ? files[0].path : "\(folderPath)/\(Self.indexName)"
    let hint =
      similar.isEmpty
      ? "Check that the model is of the family that config.json names: the \(names.count) tensors "
        + "there have other names."
      : "Use a checkpoint that was not exported for another loader: this one has "
        + "\(similar.map(\.quoted).joined(separator: ", ")) under another prefix."
    return Failure(
      .modelUnusable, code: .checkpointTensorMissing,
      "\(place): no tensor \(name.quoted)", remedy: hint)
  }
}
