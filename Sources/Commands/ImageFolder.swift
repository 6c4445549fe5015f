import Diagnostics
import FoundationEssentials

/// The images of a folder, for `--images`.
enum ImageFolder {
  private static let endings: Set<String> = [
    "jpg", "jpeg", "png", "webp", "bmp", "gif", "tif", "tiff", "avif", "heic", "heif", "pdf",
  ]

  /// The paths of all files with an image's extension, sorted by name; hidden files are left out.
  ///
  /// - Throws: `media.folder` when there is no such folder or no image in it.
  static func pictures(in path: String) throws(Failure) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw Failure(
        .missingInput, code: .mediaFolder, "\(path) is not a folder that can be read",
        remedy: "Give the folder that the pictures are in, or use --image for a single file.")
    }
    let pictures = names.filter { name in
      let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
      return !name.hasPrefix(".") && endings.contains(ending)
    }
    guard !pictures.isEmpty else {
      throw Failure(
        .missingInput, code: .mediaFolder, "there is no picture in \(path)",
        remedy:
          "Give a folder of pictures; their names end in \(endings.sorted().joined(separator: ", "))."
      )
    }
    return pictures.sorted().map { path + "/" + $0 }
  }
}
