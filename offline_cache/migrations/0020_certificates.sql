-- Gift certificates (offline_cache/certificates.py): numbers that the hub gave to this file alone and that nobody has
-- bought yet; and what operations of this till did to certificates.
CREATE TABLE certificate_numbers (
  number TEXT PRIMARY KEY,
  text   TEXT NOT NULL,   -- of its QR
  pin    TEXT NOT NULL    -- asked where the number is typed
) STRICT, WITHOUT ROWID;

CREATE TABLE certificate_moves (
  number     TEXT NOT NULL,
  generation INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,
  what       TEXT NOT NULL CHECK (what IN ('sold', 'used', 'back', 'refunded', 'blocked', 'replaced', 'into')),
  kopecks    INTEGER NOT NULL DEFAULT 0,   -- more on it, or less
  PRIMARY KEY (number, generation, sequence, what)
) STRICT, WITHOUT ROWID;
CREATE INDEX certificate_moves_of ON certificate_moves (generation, sequence);

-- Their papers are a kind of their own.
CREATE TABLE papers (
  job        INTEGER PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('receipt', 'return', 'copy', 'slip', 'certificate', 'report', 'drawer')),
  label      TEXT NOT NULL,                                  -- what a person calls it: the sale's number, the day
  generation INTEGER,
  sequence   INTEGER,                                        -- the last operation of the sale it tells of, if any
  document   BLOB NOT NULL,                                  -- opaque here, packed; one of before stands as it is
  state      TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'printed', 'interrupted', 'unknown', 'dropped')),
  attempt    INTEGER NOT NULL DEFAULT 0,                     -- each attempt has an id of its own
  cause      TEXT NOT NULL DEFAULT '',
  doubtful   INTEGER NOT NULL DEFAULT 0 CHECK (doubtful IN (0, 1)),  -- an earlier attempt may have left some paper
  proof      TEXT NOT NULL DEFAULT '' CHECK (proof IN ('', 'process_id', 'gs_r', 'person')),  -- why it is printed
  queued_at  TEXT NOT NULL,
  FOREIGN KEY (generation, sequence) REFERENCES operations
) STRICT;
INSERT INTO papers SELECT * FROM print_jobs;
DROP TABLE print_jobs;
ALTER TABLE papers RENAME TO print_jobs;
CREATE INDEX print_jobs_open ON print_jobs (job) WHERE state <> 'printed' AND state <> 'dropped';
CREATE UNIQUE INDEX print_jobs_of  -- of a sale there is one receipt, and any number of other papers
ON print_jobs (generation, sequence, iif(kind IN ('receipt', 'return'), 0, job));
