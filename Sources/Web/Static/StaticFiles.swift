import Basics
import WebServer

/// Files that are part of the program.
enum StaticFiles {
  private struct File {
    let type: String
    let text: String
    let mark: String

    init(_ type: String, _ text: String) {
      self.type = type
      self.text = text
      var hash = SHA256()
      hash.update(text)
      mark = "\"\(hash.finish().prefix(16))\""
    }
  }

  private static let files = [
    "style.css": File("text/css", PageStyle.text),
    "script.js": File("text/javascript", PageScript.text + AskScript.text),
    "icon.svg": File("image/svg+xml", icon),
    "robots.txt": File("text/plain", "User-agent: *\nDisallow: /\n"),
  ]

  private static let icon = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3"
    fill="#17626b"/><circle cx="8" cy="8" r="4.5" fill="none" stroke="#fff" stroke-width="1.6"/>
    <circle cx="8" cy="8" r="1.8" fill="#fff"/></svg>
    """

  /// Whether a path is one of them.
  static func has(_ path: [String]) -> Bool { path.count == 1 && files[path[0]] != nil }

  /// The file at a path; `nil` where there is none.
  ///
  /// - Parameter known: the mark of the version that the browser has.
  static func reply(_ path: [String], known: String?) -> WebResponse? {
    guard path.count == 1, let file = files[path[0]] else { return nil }
    var response =
      known == file.mark
      ? WebResponse(304, body: .bytes([])) : WebResponse(200, type: file.type, file.text)
    response.headers += [("etag", file.mark), ("cache-control", "no-cache")]
    return response
  }
}
