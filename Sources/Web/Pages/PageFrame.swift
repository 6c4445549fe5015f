import Basics
import WebServer

/// What all pages have in common.
enum PageFrame {
  /// What a page may load and do: only what this server serves, and no script or style inside of it.
  static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    + "media-src 'self' blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    + "frame-ancestors 'none'"

  /// The pages in the navigation: path and name.
  private static let pages = [("ask", "Ask"), ("jobs", "Jobs"), ("box", "Box")]

  /// A page.
  ///
  /// - Parameter current: the first part of its path.
  static func page(_ title: String, current: String, status: Int = 200, _ main: Markup)
    -> WebResponse
  {
    let links = pages.map { path, name -> Markup in
      let mark: Markup = path == current ? " aria-current=\"page\"" : ""
      return "<a href=\"/\(path)\"\(mark)>\(name)</a>"
    }
    let page: Markup = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(title) · illava</title>
      <link rel="icon" href="/icon.svg" type="image/svg+xml">
      <link rel="stylesheet" href="/style.css">
      <script src="/script.js" defer></script>
      </head>
      <body data-page="\(current)">
      <a class="skip" href="#main">Skip to the content</a>
      <header>
      <a class="brand" href="/ask">illava</a>
      <nav aria-label="Pages">\(links)</nav>
      </header>
      <main id="main" tabindex="-1">
      <h1>\(title)</h1>
      \(main)
      </main>
      <footer><p>illava \(ProgramVersion.text)</p></footer>
      </body>
      </html>

      """
    var response = WebResponse(status, type: "text/html", page.html)
    response.headers.append(("content-security-policy", policy))
    response.headers.append(("cache-control", "no-store"))
    return response
  }

  /// A page that only says something.
  static func message(_ status: Int, _ title: String, _ text: String) -> WebResponse {
    page(title, current: "", status: status, "<p class=\"message\">\(text)</p>")
  }
}
