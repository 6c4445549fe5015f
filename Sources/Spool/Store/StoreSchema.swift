import GRDB
import WorkerProtocol

/// The tables of the store and the migrations from older ones.
enum StoreSchema {
  /// All migrations, in order; released ones are never changed.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 jobs, attempts, events, requests") { db in
      try db.execute(sql: first)
    }
    migrator.registerMigration("2 memory") { db in try db.execute(sql: second) }
    migrator.registerMigration("3 indexes, forgotten jobs") { db in try db.execute(sql: third) }
    migrator.registerMigration("4 warnings") { db in try db.execute(sql: fourth) }
    migrator.registerMigration("5 search") { db in
      try db.execute(sql: fifth)
      for row in try Row.fetchAll(db, sql: "SELECT * FROM jobs") {
        guard let job = try? Job(row: row) else { continue }
        JobStore.index(db, job.claim)
        if let summary = job.summary { JobStore.index(db, job.id, answer: summary.answer) }
      }
    }
    return migrator
  }

  // job_texts: the words of jobs, to be found by them. It is written beside the jobs and never keeps one from
  // being written, so nothing but a search depends on it. job_numbers: the rows of the jobs in it.
  private static let fifth = """
    CREATE TABLE job_numbers (
      number INTEGER PRIMARY KEY,
      job TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE VIRTUAL TABLE job_texts USING fts5 (
      name, question, answer, tokenize = "unicode61 remove_diacritics 2"
    );
    """

  // warnings: how many a job was answered with. The texts are in its summary.
  private static let fourth = """
    ALTER TABLE jobs ADD COLUMN warnings INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX jobs_with_warnings ON jobs (warnings) WHERE warnings > 0;
    """

  // Every query of the daemon's loop and of `illava status` uses an index, however many jobs wait or are
  // done, because rows are long and most queries need few columns. forgotten_attempts: the endings of
  // removed jobs' attempts, so that counters never decrease.
  private static let third = """
    DROP INDEX jobs_by_turn;
    CREATE INDEX jobs_by_turn ON jobs (state, rank, not_before);
    DROP INDEX jobs_by_change;
    CREATE INDEX jobs_by_change ON jobs (state, updated);
    CREATE INDEX jobs_by_name ON jobs (name);
    CREATE INDEX jobs_by_wait ON jobs (created)
      WHERE state IN ('queued', 'retrying', 'waiting-memory');
    CREATE INDEX jobs_to_announce ON jobs (updated)
      WHERE announced = 0 AND state IN ('done', 'failed');
    CREATE TABLE forgotten_attempts (
      ending TEXT NOT NULL PRIMARY KEY,
      number INTEGER NOT NULL CHECK (number > 0)
    ) STRICT, WITHOUT ROWID;
    """

  // memory_target: the limit for the next attempt, after one that was killed for its memory.
  // memory_waits: how often in a row there was too little memory. memory_ratios: by model and precision,
  // the ratio of measured to predicted memory.
  private static let second = """
    ALTER TABLE jobs ADD COLUMN memory_target INTEGER;
    ALTER TABLE jobs ADD COLUMN memory_waits INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE attempts ADD COLUMN predicted_memory INTEGER;
    ALTER TABLE attempts ADD COLUMN memory_budget INTEGER;
    CREATE TABLE memory_ratios (
      model TEXT NOT NULL PRIMARY KEY,
      ratio REAL NOT NULL CHECK (ratio > 0),
      jobs INTEGER NOT NULL CHECK (jobs > 0),
      updated INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    """

  // rank: when the job was claimed, shifted by its priority. The lowest goes first, so every job gets
  // its turn: later jobs have ever higher ranks.
  private static let first = """
    CREATE TABLE jobs (
      id TEXT NOT NULL PRIMARY KEY,
      state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'retrying', 'waiting-memory',
        'held', 'done', 'failed', 'cancelled')),
      claim TEXT NOT NULL,
      name BLOB NOT NULL,
      created INTEGER NOT NULL,
      updated INTEGER NOT NULL,
      rank INTEGER NOT NULL,
      not_before INTEGER NOT NULL DEFAULT 0,
      attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
      content TEXT,
      error TEXT,
      summary TEXT,
      duplicate_of TEXT,
      announced INTEGER NOT NULL DEFAULT 0,
      cleaned INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX jobs_by_turn ON jobs (state, rank);
    CREATE INDEX jobs_by_change ON jobs (updated);
    CREATE INDEX jobs_by_content ON jobs (content) WHERE content IS NOT NULL;

    CREATE TABLE attempts (
      job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
      number INTEGER NOT NULL CHECK (number > 0),
      started INTEGER NOT NULL,
      ended INTEGER,
      ending TEXT,
      exit_status INTEGER,
      signal INTEGER,
      peak_memory INTEGER,
      detail TEXT,
      PRIMARY KEY (job, number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE events (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      job TEXT REFERENCES jobs (id) ON DELETE CASCADE,
      time INTEGER NOT NULL,
      level TEXT NOT NULL,
      text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX events_by_job ON events (job, sequence);

    CREATE TABLE requests (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      time INTEGER NOT NULL,
      request TEXT NOT NULL
    ) STRICT;

    CREATE TABLE marks (
      name TEXT NOT NULL PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """
}
