-- Goods that came back, by their sale: what still can come back is known from here.
CREATE TABLE returns (
  of_generation INTEGER NOT NULL,
  of_sequence   INTEGER NOT NULL,
  generation    INTEGER NOT NULL,
  sequence      INTEGER NOT NULL,
  PRIMARY KEY (of_generation, of_sequence, generation, sequence),
  FOREIGN KEY (generation, sequence) REFERENCES operations
) STRICT, WITHOUT ROWID;

-- Fiscal documents of sales, whenever they were told: a customer has the fiscal receipt in hand. Numbers stand without
-- leading zeros: a device, its QR and a POS write them differently.
CREATE TABLE fiscal_documents (
  document   TEXT NOT NULL,
  sign       TEXT NOT NULL,
  generation INTEGER NOT NULL,                  -- the sale's operation
  sequence   INTEGER NOT NULL,
  PRIMARY KEY (document, sign, generation, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX fiscal_documents_by_sale ON fiscal_documents (generation, sequence);
INSERT OR IGNORE INTO fiscal_documents (document, sign, generation, sequence)
SELECT ltrim(json_extract(document.value, '$.document'), '0'), ltrim(json_extract(document.value, '$.sign'), '0'),
       coalesce(json_extract(text, '$.body.of.generation'), generation),
       coalesce(json_extract(text, '$.body.of.sequence'), sequence)
FROM operations, json_each(iif(json_valid(text), text, '{}'), '$.body.fiscal') AS document  -- a damaged one is told later
WHERE operations.kind IN ('sale', 'fiscal_added');

CREATE TABLE papers (
  job        INTEGER PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('receipt', 'return', 'copy', 'slip', 'report', 'drawer')),  -- a kick is no paper
  label      TEXT NOT NULL,                                  -- what a person calls it: the sale's number, the day
  generation INTEGER,
  sequence   INTEGER,                                        -- the last operation of the sale it tells of, if any
  document   BLOB NOT NULL,                                  -- opaque here
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
CREATE UNIQUE INDEX print_jobs_receipt ON print_jobs (generation, sequence) WHERE kind IN ('receipt', 'return');
