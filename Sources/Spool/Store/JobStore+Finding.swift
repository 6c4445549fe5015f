import GRDB

extension JobStore {
  /// Jobs that a filter lets through, the latest first.
  public func find(_ filter: JobFilter) throws -> [Job] {
    var conditions: [String] = []
    var arguments = StatementArguments()
    func require(_ condition: String, _ values: [(any DatabaseValueConvertible)?]) {
      conditions.append(condition)
      arguments += StatementArguments(values)
    }
    if !filter.states.isEmpty {
      require("state IN (\(Self.marks(filter.states.count)))", filter.states.map(\.rawValue))
    }
    if !filter.name.isEmpty {
      require("instr(lower(CAST(name AS TEXT)), lower(?)) > 0", [filter.name])
    }
    if !filter.folder.isEmpty {
      let path = filter.folder + "/"
      require("substr(CAST(name AS TEXT), 1, length(?)) = ?", [path, path])
    }
    if let since = filter.since { require("created >= ?", [since]) }
    if let until = filter.until { require("created < ?", [until]) }
    if let before = filter.before { require("id < ?", [before]) }
    if let pattern = Self.pattern(filter.text) {
      require(
        """
        id IN (SELECT job FROM job_texts JOIN job_numbers ON number = job_texts.rowid
          WHERE job_texts MATCH ?)
        """, [pattern])
    }
    let all = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    // Rows are long: only those that are shown are read whole.
    let sql = """
      SELECT * FROM jobs WHERE id IN
        (SELECT id FROM jobs \(all) ORDER BY id DESC LIMIT \(max(0, filter.limit)))
      ORDER BY id DESC
      """
    return try read { db in
      // It is missing in a store that its daemon has not updated yet.
      guard try filter.text.isEmpty || db.tableExists("job_texts") else { return [] }
      return readable(try Row.fetchAll(db, sql: sql, arguments: arguments))
    }
  }
}
