-- The programme's books. Operations are kept as they were said, entries and lots are what they did.
CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tills (
  till      TEXT PRIMARY KEY,
  sequence  INTEGER NOT NULL,       -- answered up to here, without gaps
  last_hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE operations (
  till     TEXT NOT NULL,
  sequence INTEGER NOT NULL CHECK (sequence > 0),
  hash     TEXT NOT NULL,
  text     TEXT NOT NULL,           -- canonical, as hashed
  answer   TEXT NOT NULL,           -- kept for ever and given again as it is
  PRIMARY KEY (till, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
  member              TEXT PRIMARY KEY,
  programme           TEXT NOT NULL,
  registered          INTEGER NOT NULL CHECK (registered IN (0, 1)),
  phone               TEXT,         -- E.164
  birthday            TEXT,
  favourites          TEXT NOT NULL DEFAULT '[]',
  accumulated_kopecks INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_phone ON members (programme, phone) WHERE phone IS NOT NULL;

CREATE TABLE cards (
  number    TEXT PRIMARY KEY,
  member    TEXT NOT NULL REFERENCES members,
  status    TEXT NOT NULL CHECK (status IN ('issued', 'pending', 'active', 'blocked', 'replaced')),
  successor TEXT REFERENCES cards
) STRICT, WITHOUT ROWID;
CREATE INDEX cards_by_member ON cards (member);

CREATE TABLE lots (
  lot         INTEGER PRIMARY KEY,
  member      TEXT NOT NULL REFERENCES members,
  till        TEXT NOT NULL,
  sequence    INTEGER NOT NULL,
  granted     INTEGER NOT NULL CHECK (granted > 0),
  remaining   INTEGER NOT NULL CHECK (remaining BETWEEN 0 AND granted),
  active_from TEXT NOT NULL,
  expires_at  TEXT                  -- NULL: no end
) STRICT;
CREATE INDEX lots_open ON lots (member) WHERE remaining > 0;

-- Double entry: the entries of an operation sum to zero. Accounts: member, debt (both of a member), and the
-- contra accounts issued and redeemed of a programme.
CREATE TABLE entries (
  entry    INTEGER PRIMARY KEY,
  till     TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  account  TEXT NOT NULL,
  owner    TEXT NOT NULL,           -- the member, or the programme of a contra account
  lot      INTEGER REFERENCES lots, -- what the member account moved
  points   INTEGER NOT NULL CHECK (points <> 0),
  FOREIGN KEY (till, sequence) REFERENCES operations DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX entries_by_owner ON entries (owner, account);

CREATE TABLE used_coupons (
  serial   TEXT PRIMARY KEY,
  till     TEXT NOT NULL,
  sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE coupon_conflicts (
  serial   TEXT NOT NULL,           -- honoured again by a till that could not know: recorded, never dropped
  till     TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (serial, till, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (
  cursor    INTEGER PRIMARY KEY AUTOINCREMENT,
  programme TEXT NOT NULL,
  kind      TEXT NOT NULL CHECK (kind IN ('member', 'coupon')),
  key       TEXT NOT NULL
) STRICT;
