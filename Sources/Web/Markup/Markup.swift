import Diagnostics

/// A piece of HTML. Whatever is put into it as text is escaped; only other pieces are not.
struct Markup: Sendable, ExpressibleByStringInterpolation {
  /// The HTML.
  let html: String

  /// HTML that is known to be right.
  init(stringLiteral value: String) { html = value }

  /// HTML from its pieces.
  init(stringInterpolation: Pieces) { html = stringInterpolation.html }

  /// Pieces one after the other.
  init(_ pieces: some Sequence<Markup>) { html = pieces.map(\.html).joined() }

  /// The pieces of an interpolation.
  struct Pieces: StringInterpolationProtocol {
    fileprivate var html = ""

    init(literalCapacity: Int, interpolationCount: Int) {}

    mutating func appendLiteral(_ literal: String) { html += literal }
    mutating func appendInterpolation(_ text: String) { html += Markup.escaped(text) }
    mutating func appendInterpolation(_ number: Int) { html += "\(number)" }
    mutating func appendInterpolation(_ piece: Markup) { html += piece.html }
    mutating func appendInterpolation(_ piece: Markup?) { html += piece?.html ?? "" }
    mutating func appendInterpolation(_ pieces: [Markup]) {
      for piece in pieces { html += piece.html }
    }
  }

  /// The text with everything replaced that HTML or a reader could take for something else.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in PlainText.lines(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
