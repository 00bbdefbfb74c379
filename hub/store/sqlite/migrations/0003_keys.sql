-- Every key begins with the member or with the chain of operations, and rows of different keys do not refer to each
-- other: what is so here can be so on many servers. A lot bears the name of the operation that made it; a merge is
-- booked like everything else, so a lot may stand at several members, with its points at one. An answer is made anew
-- from its reason. What a member owes stands with him.

-- Rows are looked up here and there in all of the file: 256 MB of it are kept at hand, until it is done.
PRAGMA cache_size = -262144;

-- 60,000 texts of 2.8 KB: as many bytes as WITHOUT ROWID with the key, a third quicker to write, three times as quick
-- to read by key (a row there spills over its page), counted in 0.4 ms instead of 16
CREATE TABLE kept (
  chain      TEXT NOT NULL,
  generation INTEGER NOT NULL CHECK (generation > 0),
  sequence   INTEGER NOT NULL CHECK (sequence > 0),
  hash       TEXT NOT NULL,
  text       TEXT NOT NULL,          -- canonical for its version, as hashed; never written anew
  reason     TEXT,                   -- why it was refused; NULL: applied
  UNIQUE (chain, generation, sequence)
) STRICT;
INSERT INTO kept
SELECT chain, generation, sequence, hash, text,
       CASE json_extract(answer, '$.result') WHEN 'applied' THEN NULL
       ELSE coalesce(json_extract(answer, '$.reason'), 'refused') END
FROM operations ORDER BY chain, generation, sequence;

CREATE TABLE people (
  member      TEXT PRIMARY KEY,
  programme   TEXT NOT NULL,
  registered  INTEGER NOT NULL CHECK (registered IN (0, 1)),
  debt        INTEGER NOT NULL DEFAULT 0 CHECK (debt >= 0), -- points taken back beyond what he had
  merged_into TEXT,                  -- all he had is there
  phone       TEXT,                  -- E.164
  birthday    TEXT,
  favourites  TEXT NOT NULL DEFAULT '[]'
) STRICT, WITHOUT ROWID;
INSERT INTO people (member, programme, registered, debt, merged_into, phone, birthday, favourites)
SELECT member, programme, registered,
       max(0, -coalesce((SELECT sum(points) FROM entries WHERE owner = member AND account = 'debt'), 0)),
       merged_into, phone, birthday, favourites
FROM members ORDER BY member;

CREATE TABLE held (
  number      TEXT PRIMARY KEY,
  member      TEXT NOT NULL,
  status      TEXT NOT NULL CHECK (status IN ('issued', 'pending', 'active', 'blocked', 'replaced')),
  active_from TEXT,                  -- when a pending card becomes active by itself
  successor   TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO held (number, member, status, active_from, successor)
SELECT number, member, status, active_from, successor FROM cards ORDER BY number;

-- Into whom a member went, one merge after another.
CREATE TABLE went (
  member TEXT NOT NULL,
  into_  TEXT NOT NULL,
  PRIMARY KEY (member, into_)
) STRICT, WITHOUT ROWID;
INSERT INTO went
WITH RECURSIVE way (member, into_) AS (
  SELECT member, merged_into FROM members WHERE merged_into IS NOT NULL
  UNION
  SELECT way.member, members.merged_into FROM way JOIN members ON members.member = way.into_
  WHERE members.merged_into IS NOT NULL
) SELECT member, into_ FROM way;

-- Whose points an operation moved. One that moved none on balance (what was redeemed without cover and earned at once)
-- made a lot of his, or its text names him.
CREATE TABLE whose (
  chain      TEXT NOT NULL,
  generation INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,
  member     TEXT,
  PRIMARY KEY (chain, generation, sequence)
) STRICT, WITHOUT ROWID;
INSERT INTO whose
SELECT chain, generation, sequence, min(owner) FROM entries INDEXED BY entries_by_operation
WHERE account IN ('member', 'debt') GROUP BY chain, generation, sequence;
INSERT INTO whose
SELECT chain, generation, sequence, coalesce(
         (SELECT lots.member FROM lots
          WHERE lots.chain = e.chain AND lots.generation = e.generation AND lots.sequence = e.sequence),
         (SELECT coalesce(json_extract(text, '$.body.member'),
                          (SELECT cards.member FROM cards WHERE number = json_extract(text, '$.body.card')))
          FROM operations AS o
          WHERE o.chain = e.chain AND o.generation = e.generation AND o.sequence = e.sequence))
FROM entries AS e INDEXED BY entries_by_operation
WHERE NOT EXISTS (SELECT 1 FROM whose AS w
                  WHERE w.chain = e.chain AND w.generation = e.generation AND w.sequence = e.sequence)
GROUP BY chain, generation, sequence;

CREATE TABLE parcels (
  member      TEXT NOT NULL,
  lot         TEXT NOT NULL,         -- the operation that made it: chain/generation/sequence with twelve digits
  granted     INTEGER NOT NULL CHECK (granted > 0),
  remaining   INTEGER NOT NULL CHECK (remaining >= 0),
  expired     INTEGER NOT NULL CHECK (expired >= 0), -- died unspent, and booked so
  active_from TEXT NOT NULL,
  expires_at  TEXT,                  -- NULL: no end
  CHECK (remaining + expired <= granted),
  PRIMARY KEY (member, lot)
) STRICT, WITHOUT ROWID;
INSERT INTO parcels
SELECT member, chain || '/' || generation || '/' || printf('%012d', sequence),
       granted, remaining, expired, active_from, expires_at
FROM lots ORDER BY 1, 2;
-- A merge of before took the lots along; now the lot also stands, empty, at everybody who had it.
INSERT INTO parcels
SELECT had.member, lots.chain || '/' || lots.generation || '/' || printf('%012d', lots.sequence),
       lots.granted, 0, 0, lots.active_from, lots.expires_at
FROM (
  SELECT whose.member AS member, lots.lot AS made
  FROM lots JOIN whose USING (chain, generation, sequence)
  WHERE lots.member IN (SELECT into_ FROM went) AND whose.member <> lots.member
  UNION
  SELECT went.into_, lots.lot
  FROM lots JOIN whose USING (chain, generation, sequence) JOIN went ON went.member = whose.member
  WHERE lots.member IN (SELECT into_ FROM went) AND went.into_ <> lots.member
) AS had JOIN lots ON lots.lot = had.made;

-- Double entry: the entries of an operation sum to zero. Accounts: member, debt, and the contra accounts issued,
-- redeemed, expired and adjusted of the programme, which stand with the member whose points moved.
CREATE TABLE sides (
  chain      TEXT NOT NULL,
  generation INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  member     TEXT NOT NULL,
  account    TEXT NOT NULL CHECK (account IN ('member', 'debt', 'issued', 'redeemed', 'expired', 'adjusted')),
  lot        TEXT,                   -- what the member account moved, or an expiry
  points     INTEGER NOT NULL CHECK (points <> 0),
  PRIMARY KEY (chain, generation, sequence, number)
) STRICT, WITHOUT ROWID;
INSERT INTO sides
SELECT e.chain, e.generation, e.sequence,
       row_number() OVER (PARTITION BY e.chain, e.generation, e.sequence ORDER BY e.entry),
       CASE WHEN e.account IN ('member', 'debt') THEN e.owner
            WHEN e.account = 'expired' AND e.lot IS NOT NULL THEN lots.member
            ELSE coalesce(w.member, e.owner) END,
       e.account,
       lots.chain || '/' || lots.generation || '/' || printf('%012d', lots.sequence),
       e.points
FROM entries AS e INDEXED BY entries_by_operation
LEFT JOIN lots ON lots.lot = e.lot
LEFT JOIN whose AS w ON w.chain = e.chain AND w.generation = e.generation AND w.sequence = e.sequence;

CREATE TABLE days (
  member        TEXT NOT NULL,
  day           TEXT NOT NULL,       -- by the clock of the store
  redeemed      INTEGER NOT NULL,
  offline       INTEGER NOT NULL,    -- of those, without a connection
  spent_kopecks INTEGER NOT NULL,    -- what counts for tiers, less what came back
  PRIMARY KEY (member, day)
) STRICT, WITHOUT ROWID;
INSERT INTO days
SELECT member, day, sum(redeemed), sum(offline), sum(kopecks) FROM (
  SELECT member, day, points AS redeemed, offline, 0 AS kopecks FROM redeemed_days
  UNION ALL
  SELECT member, day, 0, 0, kopecks FROM spent_days
) GROUP BY member, day ORDER BY member, day;

-- A table that refers to itself is emptied row by row before it goes.
CREATE INDEX cards_by_successor ON cards (successor) WHERE successor IS NOT NULL;
CREATE INDEX members_by_into ON members (merged_into) WHERE merged_into IS NOT NULL;
DROP TABLE entries;
DROP TABLE retell;
DROP TABLE redeemed_days;
DROP TABLE spent_days;
DROP TABLE lots;
DROP TABLE cards;
DROP TABLE members;
-- Some SQLites (Debian's) would write zeros over every page of it: as many bytes again as the ledger has.
PRAGMA secure_delete = FAST;
DROP TABLE operations;
PRAGMA secure_delete = ON;
DROP TABLE went;
DROP TABLE whose;
ALTER TABLE kept RENAME TO operations;
ALTER TABLE people RENAME TO members;
ALTER TABLE held RENAME TO cards;
ALTER TABLE parcels RENAME TO lots;
ALTER TABLE sides RENAME TO entries;
CREATE INDEX members_by_phone ON members (programme, phone) WHERE phone IS NOT NULL;
CREATE INDEX members_by_programme ON members (programme, member);
CREATE INDEX cards_by_member ON cards (member);
CREATE INDEX lots_open ON lots (member) WHERE remaining > 0;
CREATE INDEX lots_expired ON lots (member, expires_at) WHERE expired > 0;

-- A partition of the feed is a programme, until it is a store.
ALTER TABLE changes RENAME COLUMN programme TO partition;
CREATE INDEX changes_by_partition ON changes (partition, cursor);
PRAGMA cache_size = -2000;
