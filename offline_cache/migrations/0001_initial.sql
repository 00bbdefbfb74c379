-- What a till knows and what it did. Members are the hub's word; operations are the till's own.
CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
  member              TEXT PRIMARY KEY,
  points              INTEGER NOT NULL,             -- the hub's snapshot
  snapshot_sequence   INTEGER NOT NULL,             -- our operations up to here are in the snapshot
  accumulated_kopecks INTEGER NOT NULL DEFAULT 0,
  birthday            TEXT,
  favourites          TEXT NOT NULL DEFAULT '[]',   -- JSON list of categories
  phone_key           BLOB                          -- keyed hash; the till never has the number itself
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_phone ON members (phone_key) WHERE phone_key IS NOT NULL;

CREATE TABLE cards (
  number TEXT PRIMARY KEY,
  member TEXT NOT NULL REFERENCES members,
  status TEXT NOT NULL CHECK (status IN ('issued', 'pending', 'active', 'blocked', 'replaced'))
) STRICT, WITHOUT ROWID;
CREATE INDEX cards_by_member ON cards (member);

CREATE TABLE operations (
  sequence        INTEGER PRIMARY KEY CHECK (sequence > 0),
  hash            TEXT NOT NULL UNIQUE,
  kind            TEXT NOT NULL,
  member          TEXT NOT NULL,
  sale_day        TEXT NOT NULL,
  sale_number     TEXT NOT NULL,
  points          INTEGER NOT NULL,                 -- what it does to the balance
  redeemed_points INTEGER NOT NULL CHECK (redeemed_points >= 0),
  offline         INTEGER NOT NULL CHECK (offline IN (0, 1)),  -- decided without a connection
  text            TEXT NOT NULL,                    -- canonical, as hashed and sent
  result          TEXT CHECK (result IN ('applied', 'refused')),  -- the hub's answer; NULL: not answered yet
  reason          TEXT,
  UNIQUE (sale_day, sale_number, kind)              -- the same sale told twice is one operation
) STRICT;
CREATE INDEX operations_by_member ON operations (member, sequence);

CREATE TABLE outbox (
  sequence INTEGER PRIMARY KEY REFERENCES operations
) STRICT;

CREATE TABLE used_coupons (
  serial TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE print_jobs (
  job       INTEGER PRIMARY KEY,
  sequence  INTEGER NOT NULL UNIQUE REFERENCES operations,  -- the last operation of the sale it tells of
  document  BLOB NOT NULL,                                  -- opaque here
  state     TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'printed', 'unknown')),
  attempt   INTEGER NOT NULL DEFAULT 0,                     -- each attempt has an id of its own
  cause     TEXT NOT NULL DEFAULT '',
  doubtful  INTEGER NOT NULL DEFAULT 0 CHECK (doubtful IN (0, 1)),  -- an earlier attempt may have left some paper
  queued_at TEXT NOT NULL
) STRICT;
CREATE INDEX print_jobs_open ON print_jobs (job) WHERE state <> 'printed';
