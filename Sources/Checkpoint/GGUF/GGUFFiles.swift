import Diagnostics

/// A GGUF model in one file, or in several that were split (`NAME-00001-of-00003.gguf` and so on): the
/// first has all metadata, and each has some of the tensors.
public struct GGUFFiles: Sendable {
  /// The most files of a split model.
  private static let countLimit = 1000

  /// The files in their order.
  public let files: [GGUFFile]
  private let fileOfName: [String: Int]

  /// Opens a file and those that belong to it.
  ///
  /// - Parameter path: the only file, or any of a split model.
  /// - Throws: as `GGUFFile.init(path:)`, and `checkpoint.shard-missing` or `checkpoint.gguf-split` where
  ///   files do not make a whole.
  public init(path: String) throws(Failure) {
    var files: [GGUFFile] = []
    for part in try Self.parts(of: path) { files.append(try GGUFFile(path: part)) }
    var fileOfName: [String: Int] = [:]
    for (index, file) in files.enumerated() {
      try Self.check(file, index, of: files.count)
      for name in file.names where fileOfName.updateValue(index, forKey: name) != nil {
        throw Self.wrong(file.path, "tensor \(name.quoted) is in a file before, too")
      }
    }
    if let expected = try files[0].metadata.integer("split.tensors.count"),
      expected != fileOfName.count
    {
      throw Self.wrong(
        files[0].path, "\(fileOfName.count) tensors in all files, but it speaks of \(expected)")
    }
    self.files = files
    self.fileOfName = fileOfName
  }

  /// The path of the first file.
  public var path: String { files[0].path }
  /// What the model says about itself.
  public var metadata: GGUFMetadata { files[0].metadata }
  /// The tensors' names, file by file in the order of their bytes.
  public var names: [String] { files.flatMap(\.names) }
  /// The sum of all tensors' sizes in bytes.
  public var totalBytes: Int { files.reduce(0) { $0 + $1.totalBytes } }

  /// The tensor of this name, or `nil` where there is none.
  public func tensor(_ name: String) -> GGUFTensor? {
    fileOfName[name].flatMap { files[$0].tensor(name) }
  }

  /// The paths of all files of a model, from the name of one.
  private static func parts(of path: String) throws(Failure) -> [String] {
    guard let name = SplitName(path), name.count > 1 else { return [path] }
    guard name.count <= countLimit else {
      throw wrong(path, "one of \(name.count) files, at most \(countLimit) are read")
    }
    let parts = (1...name.count).map(name.path)
    let missing = parts.filter { !RegularFile.exists($0) }
    guard missing.isEmpty else {
      let shown = missing.prefix(5).map(\.quoted).joined(separator: ", ")
      throw Failure(
        .modelUnusable, code: .checkpointShardMissing,
        "\(path): \(missing.count) of \(parts.count) files are missing: "
          + "\(shown)\(missing.count > 5 ? ", …" : "")",
        remedy: "Run the download again: it is not complete.")
    }
    return parts
  }

  /// Compares what a file says about its place with its name.
  private static func check(_ file: GGUFFile, _ index: Int, of count: Int) throws(Failure) {
    let total = try file.metadata.integer("split.count") ?? 1
    // A file by itself may say that it is one of one, or of none.
    guard count > 1 || total > 1 else { return }
    let number = try file.metadata.integer("split.no") ?? 0
    guard total == count, number == index else {
      throw wrong(
        file.path,
        "file \(number.addingClamped(1)) of \(total) by its contents, but \(index + 1) of \(count) by its name"
      )
    }
  }

  private static func wrong(_ path: String, _ what: String) -> Failure {
    Failure(
      .modelUnusable, code: .checkpointGGUFSplit, "\(path): \(what)",
      remedy: "Keep the files of a split model under the names they were published with.")
  }
}
