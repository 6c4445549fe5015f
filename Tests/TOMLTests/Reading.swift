import TOML

/// A document's table.
func read(_ text: String) throws -> TOMLTable { try TOMLDocument.read(Array(text.utf8)) }

/// The value at the end of some names.
func value(_ text: String, _ path: String...) throws -> TOMLValue.Content? {
  var content: TOMLValue.Content? = .table(try read(text))
  for name in path {
    guard case .table(let table)? = content else { return nil }
    content = table[name]?.content
  }
  return content
}

/// What is said to be wrong with a document; `nil` if nothing is.
func problem(_ text: String) -> TOMLProblem? {
  do {
    _ = try TOMLDocument.read(Array(text.utf8))
    return nil
  } catch {
    return error
  }
}
