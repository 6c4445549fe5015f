import TOML

/// A document's table.
func read(_ text: String) throws -> TOMLTable { try TOMLDocument.read(Array(text.utf8)) }

/// The value at a path of names.
func value(_ text: String, _ path: String...) throws -> TOMLValue.Content? {
  var content: TOMLValue.Content? = .table(try read(text))
  for name in path {
    guard case .table(let table)? = content else { return nil }
    content = table[name]?.content
  }
  return content
}

/// The error in a document; `nil` if there is none.
func problem(_ text: String) -> TOMLProblem? {
  do {
    _ = try TOMLDocument.read(Array(text.utf8))
    return nil
  } catch {
    return error
  }
}
