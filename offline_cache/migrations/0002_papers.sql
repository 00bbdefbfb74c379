-- Not only receipts: copies, slips and reports; and how far a paper got, in more steps.
CREATE TABLE papers (
  job       INTEGER PRIMARY KEY,
  kind      TEXT NOT NULL CHECK (kind IN ('receipt', 'copy', 'slip', 'report')),
  label     TEXT NOT NULL,                                  -- what a person calls it: the sale's number, the day
  sequence  INTEGER REFERENCES operations,                  -- the last operation of the sale it tells of, if any
  document  BLOB NOT NULL,                                  -- opaque here
  state     TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'printed', 'interrupted', 'unknown')),
  attempt   INTEGER NOT NULL DEFAULT 0,                     -- each attempt has an id of its own
  cause     TEXT NOT NULL DEFAULT '',
  doubtful  INTEGER NOT NULL DEFAULT 0 CHECK (doubtful IN (0, 1)),  -- an earlier attempt may have left some paper
  proof     TEXT NOT NULL DEFAULT '' CHECK (proof IN ('', 'process_id', 'gs_r', 'person')),  -- why it is printed
  queued_at TEXT NOT NULL
) STRICT;
INSERT INTO papers (job, kind, label, sequence, document, state, attempt, cause, doubtful, proof, queued_at)
SELECT job, 'receipt', (SELECT sale_number FROM operations WHERE operations.sequence = print_jobs.sequence), sequence,
       document, state, attempt, cause, doubtful, iif(state = 'printed', 'process_id', ''), queued_at
FROM print_jobs;
DROP TABLE print_jobs;
ALTER TABLE papers RENAME TO print_jobs;
CREATE INDEX print_jobs_open ON print_jobs (job) WHERE state <> 'printed';
CREATE UNIQUE INDEX print_jobs_receipt ON print_jobs (sequence) WHERE kind = 'receipt';
