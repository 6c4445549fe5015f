import Diagnostics

/// The keys and values of a GGUF file.
public struct GGUFMetadata: Sendable {
  let values: [String: GGUFValue]
  let file: MappedFile

  /// The keys, sorted.
  public var keys: [String] { values.keys.sorted() }

  /// Whether there is a value for the key.
  public func contains(_ key: String) -> Bool { values[key] != nil }

  /// A text; `nil` where the file has no such key.
  ///
  /// - Throws: `modelUnusable` with `checkpoint.gguf-value` for a value of another kind or a text that is not
  ///   UTF-8.
  public func text(_ key: String) throws(Failure) -> String? {
    try value(key, "a text") { value in
      guard case .text(let place) = value else { return nil }
      return String(validating: file.bytes[place], as: UTF8.self)
    }
  }

  /// A whole number.
  ///
  /// - Throws: as `text(_:)`.
  public func integer(_ key: String) throws(Failure) -> Int? {
    try value(key, "a whole number") { value in
      guard case .integer(let number) = value else { return nil }
      return number
    }
  }

  /// A number.
  ///
  /// - Throws: as `text(_:)`.
  public func number(_ key: String) throws(Failure) -> Double? {
    try value(key, "a number") { value in
      switch value {
      case .number(let number): number
      case .integer(let number): Double(number)
      default: nil
      }
    }
  }

  /// A truth value.
  ///
  /// - Throws: as `text(_:)`.
  public func truth(_ key: String) throws(Failure) -> Bool? {
    try value(key, "true or false") { value in
      guard case .truth(let truth) = value else { return nil }
      return truth
    }
  }

  /// A list of whole numbers; a number by itself is a list of one.
  ///
  /// - Throws: as `text(_:)`.
  public func integers(_ key: String) throws(Failure) -> [Int]? {
    try value(key, "a list of whole numbers") { value in
      elements(of: value) { element in
        guard case .integer(let number) = element else { return nil }
        return number
      }
    }
  }

  /// A list of numbers; a number by itself is a list of one.
  ///
  /// - Throws: as `text(_:)`.
  public func numbers(_ key: String) throws(Failure) -> [Double]? {
    try value(key, "a list of numbers") { value in
      elements(of: value) { element in
        switch element {
        case .number(let number): number
        case .integer(let number): Double(number)
        default: nil
        }
      }
    }
  }

  /// A list of truth values.
  ///
  /// - Throws: as `text(_:)`.
  public func truths(_ key: String) throws(Failure) -> [Bool]? {
    try value(key, "a list of truth values") { value in
      elements(of: value) { element in
        switch element {
        case .truth(let truth): truth
        // Some converters write them as numbers.
        case .integer(let number): number != 0
        default: nil
        }
      }
    }
  }

  /// A list of texts, whose bytes need not be UTF-8.
  ///
  /// - Parameter limit: the most texts.
  /// - Throws: as `text(_:)`.
  public func texts(_ key: String, limit: Int) throws(Failure) -> [[UInt8]]? {
    try value(key, "a list of at most \(limit) texts") { value in
      if case .list(_, let count, _) = value, count > limit { return nil }
      return elements(of: value) { element in
        guard case .text(let place) = element else { return nil }
        return Array(file.bytes[place])
      }
    }
  }

  private func value<Value>(
    _ key: String, _ expected: String, _ read: (GGUFValue) -> Value?
  ) throws(Failure) -> Value? {
    guard let value = values[key] else { return nil }
    guard let result = read(value) else {
      throw Failure(
        .modelUnusable, code: .checkpointGGUFValue, "\(file.path): “\(key)” is not \(expected)",
        remedy: "Convert the model again with a current llama.cpp, or download another release.")
    }
    return result
  }

  /// The elements of a list, if all are of the kind that `read` knows.
  private func elements<Element>(
    of value: GGUFValue, _ read: (GGUFValue) -> Element?
  ) -> [Element]? {
    guard case .list(let kind, let count, let place) = value else {
      return read(value).map { [$0] }
    }
    guard kind != .list else { return nil }
    var scanner = GGUFScanner(file.bytes, from: place.lowerBound)
    var elements: [Element] = []
    elements.reserveCapacity(count)
    for _ in 0..<count {
      // The header's check has passed over the same bytes.
      guard let element = try? scanner.value(kind), let element = read(element) else { return nil }
      elements.append(element)
    }
    return elements
  }
}
