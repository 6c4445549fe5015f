import Basics

/// Finds the number of a JSON document that does not fit the type of its key, such as 1.5 or 1e30 layers:
/// the decoder of the library calls the whole document invalid then.
struct MisfitNumber {
  /// Whether a document could be decoded as far as its numbers are concerned.
  let accepts: (JSONValue) -> Bool
  /// Documents that may still be tried, so that a large file does not take long.
  private var tries = 2000

  init(accepts: @escaping (JSONValue) -> Bool) { self.accepts = accepts }

  /// The path of the number with which the document is not accepted; `nil` where there is none, or where
  /// there are several.
  mutating func path(in value: JSONValue) -> String? {
    path(in: value, "") { $0 }
  }

  /// - Parameter whole: the document with another value in the place of this one.
  private mutating func path(
    in value: JSONValue, _ name: String, whole: (JSONValue) -> JSONValue
  ) -> String? {
    switch value {
    case .integer, .number:
      tries -= 1
      return tries >= 0 && accepts(whole(.integer(1))) ? name : nil
    case .array(let elements):
      for (index, element) in elements.enumerated() {
        let found = path(in: element, "\(name)[\(index)]") { other in
          var changed = elements
          changed[index] = other
          return whole(.array(changed))
        }
        if let found { return found }
      }
    case .object(let members):
      for (key, member) in members.sorted(by: { $0.key < $1.key }) {
        let found = path(in: member, name.isEmpty ? key : "\(name).\(key)") { other in
          var changed = members
          changed[key] = other
          return whole(.object(changed))
        }
        if let found { return found }
      }
    case .null, .flag, .text: break
    }
    return nil
  }
}
