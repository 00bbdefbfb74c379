-- What a person looks at: a receipt that cost points that were not there, a right honoured twice, a sale that was not as
-- it should be. One row for each operation and kind, never dropped.
CREATE TABLE cases (
  chain        TEXT NOT NULL,         -- of the operation that it came of
  generation   INTEGER NOT NULL CHECK (generation > 0),
  sequence     INTEGER NOT NULL CHECK (sequence > 0),
  kind         TEXT NOT NULL,
  opened_at    TEXT NOT NULL,
  programme    TEXT,
  member       TEXT,
  sale         TEXT,                  -- what people call the receipt
  cost_points  INTEGER NOT NULL,
  cost_kopecks INTEGER NOT NULL,
  note         TEXT NOT NULL,
  others       TEXT NOT NULL,         -- operations that have to do with it: JSON [[chain, generation, sequence], …]
  state        TEXT NOT NULL CHECK (state IN ('open', 'settled')),
  settled_at   TEXT,
  settled_by   TEXT,
  remedy       TEXT,
  settled_note TEXT NOT NULL,
  PRIMARY KEY (chain, generation, sequence, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX cases_open ON cases (opened_at) WHERE state = 'open';

-- Operations of before opened none: up to here nobody is to miss them.
INSERT INTO settings (name, value)
SELECT 'cases_since', json_group_object(chain || '/' || generation, sequence) FROM chains HAVING count(*) > 0;

-- A till is told of its own in a partition of its own.
CREATE TABLE told (
  cursor    INTEGER PRIMARY KEY AUTOINCREMENT,
  partition TEXT NOT NULL,
  kind      TEXT NOT NULL CHECK (kind IN ('member', 'coupon', 'case')),
  key       TEXT NOT NULL
) STRICT;
INSERT INTO told (cursor, partition, kind, key) SELECT cursor, partition, kind, key FROM changes ORDER BY cursor;
DELETE FROM sqlite_sequence WHERE name = 'told';
INSERT INTO sqlite_sequence (name, seq) SELECT 'told', seq FROM sqlite_sequence WHERE name = 'changes';
PRAGMA secure_delete = FAST;
DROP TABLE changes;
PRAGMA secure_delete = ON;
ALTER TABLE told RENAME TO changes;
CREATE INDEX changes_by_partition ON changes (partition, cursor);
