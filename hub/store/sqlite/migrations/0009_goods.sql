-- What the chain sells: an article, and all that is known of it (hub/goods.py), its prices with their days among it.
CREATE TABLE goods (
  article TEXT PRIMARY KEY,
  body    TEXT NOT NULL              -- JSON
) STRICT, WITHOUT ROWID;

-- All tills are told of goods in a partition of its own.
CREATE TABLE told (
  cursor    INTEGER PRIMARY KEY AUTOINCREMENT,
  partition TEXT NOT NULL,
  kind      TEXT NOT NULL CHECK (kind IN ('member', 'coupon', 'case', 'goods')),
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
