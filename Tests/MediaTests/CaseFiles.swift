import Foundation

/// Files of the folder `Cases`, each made for one situation that people reported.
enum CaseFiles {
  /// The path of a file; `Cases/README.md` says what is in it.
  static func path(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases/\(name)").path
  }
}
