import Diagnostics

/// The names of a model folder's files, whether or not they make a sound checkpoint.
public struct FolderListing: Sendable {
  /// The names of everything in the folder, sorted.
  public let names: [String]

  private let folder: CheckpointFolder

  /// Lists a folder.
  ///
  /// - Throws: `missingInput` when there is none, `modelUnusable` when the path names a file.
  public init(_ path: String) throws(Failure) {
    folder = try CheckpointFolder(path)
    names = folder.names
  }

  /// The first of these files that the folder has.
  public func first(of candidates: [String]) -> String? {
    candidates.first(where: folder.contains)
  }

  /// The contents of a small file; `nil` where there is none or it cannot be read.
  public func contents(_ name: String) -> [UInt8]? { (try? folder.read(name)) ?? nil }
}
