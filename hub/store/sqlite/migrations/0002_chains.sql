-- Operations are known by (chain, generation, sequence). Lots remember what an expiry took, so that it can be undone;
-- a card may become active by itself; a member may have gone into another. What was redeemed and what counts for tiers
-- stands by shop day, and is worked out from the operations when the file is opened (hub/books/days.py).
CREATE TABLE chains (
  chain      TEXT NOT NULL,          -- a till, or hub, office, account
  generation INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,       -- answered up to here, without gaps
  last_hash  TEXT NOT NULL,
  PRIMARY KEY (chain, generation)
) STRICT, WITHOUT ROWID;
INSERT INTO chains SELECT till, 1, sequence, last_hash FROM tills;

CREATE TABLE told (
  chain      TEXT NOT NULL,
  generation INTEGER NOT NULL CHECK (generation > 0),
  sequence   INTEGER NOT NULL CHECK (sequence > 0),
  hash       TEXT NOT NULL,
  text       TEXT NOT NULL,          -- canonical for its version, as hashed; never written anew
  answer     TEXT NOT NULL,          -- kept for ever and given again as it is
  PRIMARY KEY (chain, generation, sequence)
) STRICT, WITHOUT ROWID;
INSERT INTO told SELECT till, 1, sequence, hash, text, answer FROM operations;

CREATE TABLE people (
  member      TEXT PRIMARY KEY,
  programme   TEXT NOT NULL,
  registered  INTEGER NOT NULL CHECK (registered IN (0, 1)),
  phone       TEXT,                  -- E.164
  birthday    TEXT,
  favourites  TEXT NOT NULL DEFAULT '[]',
  merged_into TEXT REFERENCES people -- all he had is there
) STRICT, WITHOUT ROWID;
INSERT INTO people (member, programme, registered, phone, birthday, favourites)
SELECT member, programme, registered, phone, birthday, favourites FROM members;

CREATE TABLE held (
  number      TEXT PRIMARY KEY,
  member      TEXT NOT NULL REFERENCES people,
  status      TEXT NOT NULL CHECK (status IN ('issued', 'pending', 'active', 'blocked', 'replaced')),
  successor   TEXT REFERENCES held,
  active_from TEXT                   -- when a pending card becomes active by itself
) STRICT, WITHOUT ROWID;
INSERT INTO held (number, member, status, successor) SELECT number, member, status, successor FROM cards;

CREATE TABLE parcels (
  lot         INTEGER PRIMARY KEY,
  member      TEXT NOT NULL REFERENCES people,
  chain       TEXT NOT NULL,         -- the operation that made it
  generation  INTEGER NOT NULL,
  sequence    INTEGER NOT NULL,
  granted     INTEGER NOT NULL CHECK (granted > 0),
  remaining   INTEGER NOT NULL CHECK (remaining >= 0),
  expired     INTEGER NOT NULL DEFAULT 0 CHECK (expired >= 0),  -- died unspent, and booked so
  active_from TEXT NOT NULL,
  expires_at  TEXT,                  -- NULL: no end
  CHECK (remaining + expired <= granted),
  UNIQUE (chain, generation, sequence)
) STRICT;
INSERT INTO parcels (lot, member, chain, generation, sequence, granted, remaining, active_from, expires_at)
SELECT lot, member, till, 1, sequence, granted, remaining, active_from, expires_at FROM lots;

-- Double entry: the entries of an operation sum to zero. Accounts: member, debt (both of a member), and the contra
-- accounts issued, redeemed, expired and adjusted of a programme.
CREATE TABLE postings (
  entry      INTEGER PRIMARY KEY,
  chain      TEXT NOT NULL,
  generation INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,
  account    TEXT NOT NULL,
  owner      TEXT NOT NULL,          -- the member, or the programme of a contra account
  lot        INTEGER REFERENCES parcels, -- what the member account moved, or an expiry
  points     INTEGER NOT NULL CHECK (points <> 0),
  FOREIGN KEY (chain, generation, sequence) REFERENCES told DEFERRABLE INITIALLY DEFERRED
) STRICT;
INSERT INTO postings SELECT entry, till, 1, sequence, account, owner, lot, points FROM entries;

CREATE TABLE rights_used (
  serial     TEXT PRIMARY KEY,
  chain      TEXT NOT NULL,
  generation INTEGER NOT NULL,
  sequence   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO rights_used SELECT serial, till, 1, sequence FROM used_coupons;

CREATE TABLE conflicts (
  serial     TEXT NOT NULL,          -- honoured again by a till that could not know: recorded, never dropped
  chain      TEXT NOT NULL,
  generation INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,
  PRIMARY KEY (serial, chain, generation, sequence)
) STRICT, WITHOUT ROWID;
INSERT INTO conflicts SELECT serial, till, 1, sequence FROM coupon_conflicts;

DROP TABLE entries;
DROP TABLE lots;
DROP TABLE cards;
DROP TABLE members;
DROP TABLE operations;
DROP TABLE tills;
DROP TABLE used_coupons;
DROP TABLE coupon_conflicts;
ALTER TABLE told RENAME TO operations;
ALTER TABLE people RENAME TO members;
ALTER TABLE held RENAME TO cards;
ALTER TABLE parcels RENAME TO lots;
ALTER TABLE postings RENAME TO entries;
ALTER TABLE rights_used RENAME TO used_coupons;
ALTER TABLE conflicts RENAME TO coupon_conflicts;
CREATE INDEX members_by_phone ON members (programme, phone) WHERE phone IS NOT NULL;
CREATE INDEX cards_by_member ON cards (member);
CREATE INDEX lots_open ON lots (member) WHERE remaining > 0;
CREATE INDEX lots_expired ON lots (member, expires_at) WHERE expired > 0;
CREATE INDEX entries_by_owner ON entries (owner, account);
CREATE INDEX entries_by_operation ON entries (chain, generation, sequence);
CREATE INDEX entries_by_lot ON entries (lot) WHERE lot IS NOT NULL;

CREATE TABLE redeemed_days (
  member  TEXT NOT NULL REFERENCES members,
  day     TEXT NOT NULL,             -- by the clock of the store
  points  INTEGER NOT NULL,
  offline INTEGER NOT NULL,          -- of those, without a connection
  PRIMARY KEY (member, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE spent_days (
  member  TEXT NOT NULL REFERENCES members,
  day     TEXT NOT NULL,
  kopecks INTEGER NOT NULL,          -- what counts for tiers, less what came back
  PRIMARY KEY (member, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE retell (
  member TEXT PRIMARY KEY REFERENCES members,
  at     TEXT NOT NULL               -- then what tills were told of his many lots is no longer the truth
) STRICT, WITHOUT ROWID;
CREATE INDEX retell_due ON retell (at);

CREATE TABLE returns (
  of_chain      TEXT NOT NULL,       -- the sale
  of_generation INTEGER NOT NULL,
  of_sequence   INTEGER NOT NULL,
  chain         TEXT NOT NULL,       -- the return
  generation    INTEGER NOT NULL,
  sequence      INTEGER NOT NULL,
  restored      INTEGER NOT NULL,    -- points that it gave back
  PRIMARY KEY (of_chain, of_generation, of_sequence, chain, generation, sequence)
) STRICT, WITHOUT ROWID;

-- Every programme that operations were made under.
CREATE TABLE programmes (
  hash   TEXT PRIMARY KEY,
  source TEXT NOT NULL               -- the file, as it was
) STRICT, WITHOUT ROWID;
