/// The names of a TOML table and their values, in the order of the document.
public struct TOMLTable: Sendable, Equatable {
  /// A name and its value.
  public struct Entry: Sendable, Equatable {
    /// The name, without quotes.
    public let name: String
    /// The value.
    public let value: TOMLValue
  }

  /// All entries, in the order in which their names appear first.
  public let entries: [Entry]

  /// A table of these entries.
  public init(entries: [Entry]) { self.entries = entries }

  /// The value of a name; `nil` where there is none.
  public subscript(name: String) -> TOMLValue? {
    // By bytes, because `==` takes two spellings of an accented letter for the same name.
    entries.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }
}
