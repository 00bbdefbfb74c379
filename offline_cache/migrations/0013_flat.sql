-- What a till keeps of what it did stays small. Texts and documents are packed (offline_cache/packed.py), hashes are bytes,
-- and rows are not in the key's own tree, where one of more than a kilobyte would have a page for itself.
CREATE TABLE done (
  generation  INTEGER NOT NULL CHECK (generation > 0),
  sequence    INTEGER NOT NULL CHECK (sequence > 0),
  hash        BLOB NOT NULL,
  kind        TEXT NOT NULL,
  member      TEXT,
  sale_day    TEXT,
  sale_number TEXT,
  sale_pos    TEXT NOT NULL DEFAULT '',         -- the POS's name
  sale_shift  TEXT NOT NULL DEFAULT '',
  sale_again  TEXT NOT NULL DEFAULT '',         -- the moment, for another sale under a number that was taken
  at          TEXT NOT NULL,
  text        ANY NOT NULL,                     -- packed; TEXT: as it was told, of before. What it says is never changed
  result      TEXT CHECK (result IN ('applied', 'refused')),  -- the hub's answer; NULL: not answered yet
  reason      TEXT,
  card        TEXT,                             -- of those without a member
  PRIMARY KEY (generation, sequence),
  UNIQUE (sale_number, sale_pos, sale_shift, sale_day, sale_again, kind)  -- a sale told twice is one operation
) STRICT;
INSERT INTO done (generation, sequence, hash, kind, member, sale_day, sale_number, sale_pos, sale_shift, sale_again, at,
                  text, result, reason, card)
SELECT generation, sequence, coalesce(unhex(hash), x''), kind, member, sale_day, sale_number, sale_pos, sale_shift,
       sale_again, at, text, result, reason, card
FROM operations ORDER BY generation, sequence;

CREATE TABLE waiting (
  generation INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,
  PRIMARY KEY (generation, sequence),
  FOREIGN KEY (generation, sequence) REFERENCES done
) STRICT, WITHOUT ROWID;
INSERT INTO waiting SELECT generation, sequence FROM outbox;

CREATE TABLE back (
  of_generation INTEGER NOT NULL,
  of_sequence   INTEGER NOT NULL,
  generation    INTEGER NOT NULL,
  sequence      INTEGER NOT NULL,
  PRIMARY KEY (of_generation, of_sequence, generation, sequence),
  FOREIGN KEY (generation, sequence) REFERENCES done
) STRICT, WITHOUT ROWID;
INSERT INTO back SELECT of_generation, of_sequence, generation, sequence FROM returns;

CREATE TABLE papers (
  job        INTEGER PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('receipt', 'return', 'copy', 'slip', 'report', 'drawer')),  -- a kick is no paper
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
  FOREIGN KEY (generation, sequence) REFERENCES done
) STRICT;
INSERT INTO papers SELECT * FROM print_jobs;

DROP TABLE print_jobs;
DROP TABLE returns;
DROP TABLE outbox;
DROP TABLE operations;
ALTER TABLE done RENAME TO operations;
ALTER TABLE waiting RENAME TO outbox;
ALTER TABLE back RENAME TO returns;
ALTER TABLE papers RENAME TO print_jobs;
CREATE INDEX operations_by_member ON operations (member, generation, sequence) WHERE member IS NOT NULL;
CREATE INDEX operations_by_card ON operations (card, generation, sequence) WHERE card IS NOT NULL;
CREATE INDEX operations_by_day ON operations (sale_day) WHERE sale_day IS NOT NULL;
CREATE INDEX operations_fiscal ON operations (generation, sequence) WHERE kind = 'fiscal_added';
CREATE INDEX operations_refused ON operations (generation, sequence) WHERE result = 'refused';
CREATE INDEX returns_by_own ON returns (generation, sequence);
CREATE INDEX print_jobs_open ON print_jobs (job) WHERE state <> 'printed' AND state <> 'dropped';
CREATE UNIQUE INDEX print_jobs_of  -- of a sale there is one receipt, and any number of other papers
ON print_jobs (generation, sequence, iif(kind IN ('receipt', 'return'), 0, job));
CREATE INDEX cases_open ON cases (opened_at) WHERE told IS NOT NULL;

-- Papers that are printed or dropped stay so: counted once.
CREATE TABLE papers_done (
  state  TEXT NOT NULL,
  proof  TEXT NOT NULL,
  papers INTEGER NOT NULL,
  PRIMARY KEY (state, proof)
) STRICT, WITHOUT ROWID;
INSERT INTO papers_done SELECT state, proof, count(*) FROM print_jobs
WHERE state IN ('printed', 'dropped') AND kind <> 'drawer' GROUP BY state, proof;

-- Operations past the term of returns that a backup of the hub has: how each is known for ever (offline_cache/trimming.py).
CREATE TABLE trimmed (
  generation     INTEGER NOT NULL,
  sequence       INTEGER NOT NULL,
  hash           BLOB NOT NULL,                 -- its beginning
  earned_points  INTEGER NOT NULL,
  spent_points   INTEGER NOT NULL,
  kopecks        INTEGER NOT NULL,              -- what was paid, or given back
  PRIMARY KEY (generation, sequence)
) STRICT, WITHOUT ROWID;
CREATE TABLE trimmed_numbers (
  name       BLOB NOT NULL,                     -- what is left of what the POS called it
  generation INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,
  PRIMARY KEY (name, generation, sequence)
) STRICT, WITHOUT ROWID;
