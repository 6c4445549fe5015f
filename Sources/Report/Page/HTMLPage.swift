/// The frame that all pages share; it has no scripts and loads no other files.
enum HTMLPage {
  /// A whole page.
  ///
  /// - Parameters:
  ///   - title: plain text.
  ///   - body: HTML.
  static func page(title: String, bodyClass: String = "", body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" \
    content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
    <link rel="icon" href="data:,">
    <title>\(HTMLText.escape(title))</title>
    <style>
    \(PageStyle.css)
    </style>
    </head>
    <body class="\(bodyClass)">
    \(body)
    </body>
    </html>

    """
  }

  /// A table of names and values; both plain text.
  static func table(_ rows: [(name: String, value: String)], numbers: Bool = false) -> String {
    let cells = rows.map { row in
      """
      <tr><th scope="row">\(HTMLText.escape(row.name))</th>\
      <td\(numbers ? " class=\"number\"" : "")>\(HTMLText.escape(row.value))</td></tr>
      """
    }
    return "<table>\n\(cells.joined(separator: "\n"))\n</table>"
  }

  /// A list of sentences, or nothing.
  static func notes(_ notes: [String]) -> String {
    guard !notes.isEmpty else { return "" }
    let items = notes.map { "<li>\(HTMLText.escape($0))</li>" }
    return "<ul class=\"note\">\n\(items.joined(separator: "\n"))\n</ul>"
  }
}
