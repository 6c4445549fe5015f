import GRDB

// The words of jobs, which are found by them (https://www.sqlite.org/fts5.html).
extension JobStore {
  /// Adds the words of a new job.
  ///
  /// A damaged index must not keep a job from being taken, so what fails here is undone and left out.
  static func index(_ db: Database, _ claim: JobClaim) {
    attempt(db) {
      try db.execute(sql: "INSERT INTO job_numbers (job) VALUES (?)", arguments: [claim.id])
      try db.execute(
        sql: "INSERT INTO job_texts (rowid, name, question, answer) VALUES (?, ?, ?, '')",
        arguments: [
          db.lastInsertedRowID, claim.name.escaped, claim.prompts.joined(separator: "\n"),
        ])
    }
  }

  /// Adds the words of a job's answer.
  static func index(_ db: Database, _ id: String, answer: String) {
    attempt(db) {
      try db.execute(
        sql: """
          UPDATE job_texts SET answer = ?
          WHERE rowid = (SELECT number FROM job_numbers WHERE job = ?)
          """, arguments: [answer, id])
    }
  }

  /// Removes the words of a job.
  static func removeWords(_ db: Database, of id: String) {
    attempt(db) {
      try db.execute(
        sql: """
          DELETE FROM job_texts WHERE rowid = (SELECT number FROM job_numbers WHERE job = ?)
          """, arguments: [id])
      try db.execute(sql: "DELETE FROM job_numbers WHERE job = ?", arguments: [id])
    }
  }

  private static func attempt(_ db: Database, _ body: () throws -> Void) {
    try? db.inSavepoint {
      try body()
      return .commit
    }
  }

  /// The search for texts with all words of a text, or with words that begin so; `nil` for no words.
  static func pattern(_ text: String) -> String? {
    // In quotes nothing has a meaning of its own.
    let words = text.split(whereSeparator: \.isWhitespace).prefix(20).map {
      "\"" + $0.replacing("\"", with: "\"\"") + "\"*"
    }
    return words.isEmpty ? nil : words.joined(separator: " ")
  }
}
