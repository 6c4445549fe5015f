/// A table while its document is being read: later lines may add entries.
final class TableBuilder {
  /// How a table was defined, which decides what may be added to it.
  enum Origin {
    /// A heading names it: `[a]`.
    case heading
    /// The heading of a table below names it: `a` in `[a.b]`.
    case parent
    /// A key names it: `a` in `a.b = 1`.
    case key
  }

  /// The value of a name.
  enum Item {
    case value(TOMLValue)
    case table(TableBuilder)
    case tables(List)
  }

  /// The tables of `[[a]]`, shared, because a copy for each of them would take quadratic time.
  final class List {
    var tables: [TableBuilder]
    init(_ first: TableBuilder) { tables = [first] }
  }

  /// How the table was defined.
  var origin: Origin
  /// The line of its heading, or of its first key.
  var line: Int
  private var names: [String] = []
  private var items: [Item] = []
  // By bytes, because `String` takes two spellings of an accented letter for the same name.
  private var places: [[UInt8]: Int] = [:]

  init(_ origin: Origin, line: Int) {
    self.origin = origin
    self.line = line
  }

  /// The value of a name; setting it again keeps its place in the order.
  subscript(name: String) -> Item? {
    get { places[Array(name.utf8)].map { items[$0] } }
    set {
      guard let newValue else { return }
      let key = Array(name.utf8)
      if let place = places[key] {
        items[place] = newValue
      } else {
        places[key] = items.count
        names.append(name)
        items.append(newValue)
      }
    }
  }

  /// The finished table. The depth of tables is limited, so this recursion is, too.
  var table: TOMLTable {
    TOMLTable(
      entries: zip(names, items).map { name, item in
        let value: TOMLValue =
          switch item {
          case .value(let value): value
          case .table(let builder): builder.value
          case .tables(let list):
            TOMLValue(
              content: .array(list.tables.map(\.value)), line: list.tables.first?.line ?? line)
          }
        return TOMLTable.Entry(name: name, value: value)
      })
  }

  private var value: TOMLValue { TOMLValue(content: .table(table), line: line) }
}
