-- The programme's books on PostgreSQL. Operations are kept as they were told; entries, lots and days are what they did.
-- Every key holds the column that its table would be spread by on several servers (distribution.py), which is why
-- tables point at each other without foreign keys. Text is compared by its bytes, whatever the database's language.
CREATE TABLE settings (
  name  TEXT COLLATE "C" PRIMARY KEY,
  value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE programmes (
  hash   TEXT COLLATE "C" PRIMARY KEY,
  source TEXT COLLATE "C" NOT NULL     -- the file, as it was
);

CREATE TABLE chains (
  chain      TEXT COLLATE "C" NOT NULL,  -- a till, or hub, office, account
  generation BIGINT NOT NULL CHECK (generation > 0),
  sequence   BIGINT NOT NULL CHECK (sequence >= -1),  -- answered up to here, without gaps; -1: being begun
  last_hash  TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (chain, generation)
) WITH (fillfactor = 70);

CREATE TABLE operations (
  chain      TEXT COLLATE "C" NOT NULL,
  generation BIGINT NOT NULL CHECK (generation > 0),
  sequence   BIGINT NOT NULL CHECK (sequence > 0),
  hash       TEXT COLLATE "C" NOT NULL,
  text       TEXT COLLATE "C" NOT NULL,  -- canonical for its version, as hashed; never written anew
  reason     TEXT COLLATE "C",           -- NULL: applied
  PRIMARY KEY (chain, generation, sequence)
);

-- A text becomes a third as long, and PostgreSQL's own way of doing that takes a third of the server's time for an
-- operation. Not every server was built with the other one.
DO $$ BEGIN
  ALTER TABLE operations ALTER COLUMN text SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN NULL;
END $$;

CREATE TABLE members (
  member      TEXT COLLATE "C" PRIMARY KEY,
  programme   TEXT COLLATE "C" NOT NULL,
  registered  BOOLEAN NOT NULL,
  debt        BIGINT NOT NULL DEFAULT 0 CHECK (debt >= 0),
  merged_into TEXT COLLATE "C",          -- all he had is there
  phone       TEXT COLLATE "C",          -- E.164
  birthday    TEXT COLLATE "C",
  favourites  TEXT COLLATE "C" NOT NULL DEFAULT '[]',
  version     BIGINT NOT NULL DEFAULT 0  -- whoever is to change what is his counts it up first, and so holds him
) WITH (fillfactor = 70);
CREATE INDEX members_by_phone ON members (programme, phone) WHERE phone IS NOT NULL;
CREATE INDEX members_by_programme ON members (programme, member);

-- A number is one member's in all the ledger; the card itself is kept with its member.
CREATE TABLE card_numbers (
  number TEXT COLLATE "C" PRIMARY KEY,
  member TEXT COLLATE "C" NOT NULL
);

CREATE TABLE cards (
  member      TEXT COLLATE "C" NOT NULL,
  number      TEXT COLLATE "C" NOT NULL,
  status      TEXT COLLATE "C" NOT NULL CHECK (status IN ('issued', 'pending', 'active', 'blocked', 'replaced')),
  active_from TIMESTAMPTZ,               -- when a pending card becomes active by itself
  successor   TEXT COLLATE "C",
  PRIMARY KEY (member, number)
);
CREATE INDEX cards_by_number ON cards (number);

CREATE TABLE lots (
  member      TEXT COLLATE "C" NOT NULL,
  lot         TEXT COLLATE "C" NOT NULL,
  granted     BIGINT NOT NULL CHECK (granted > 0),
  remaining   BIGINT NOT NULL CHECK (remaining >= 0),
  expired     BIGINT NOT NULL CHECK (expired >= 0),  -- died unspent, and booked so
  active_from TIMESTAMPTZ NOT NULL,
  expires_at  TIMESTAMPTZ,               -- NULL: no end
  CHECK (remaining + expired <= granted),
  PRIMARY KEY (member, lot)
) WITH (fillfactor = 70);
CREATE INDEX lots_open ON lots (member) WHERE remaining > 0;
CREATE INDEX lots_expired ON lots (member, expires_at) WHERE expired > 0;

-- Double entry: the entries of an operation sum to zero.
CREATE TABLE entries (
  chain      TEXT COLLATE "C" NOT NULL,
  generation BIGINT NOT NULL,
  sequence   BIGINT NOT NULL,
  number     BIGINT NOT NULL CHECK (number > 0),
  member     TEXT COLLATE "C" NOT NULL,
  account    TEXT COLLATE "C" NOT NULL
             CHECK (account IN ('member', 'debt', 'issued', 'redeemed', 'expired', 'adjusted')),
  lot        TEXT COLLATE "C",           -- what the member account moved, or an expiry
  points     BIGINT NOT NULL CHECK (points <> 0),
  PRIMARY KEY (chain, generation, sequence, number, member)
);

CREATE TABLE days (
  member        TEXT COLLATE "C" NOT NULL,
  day           TEXT COLLATE "C" NOT NULL,  -- by the clock of the store
  redeemed      BIGINT NOT NULL,
  offline       BIGINT NOT NULL,         -- of those, without a connection
  spent_kopecks BIGINT NOT NULL,         -- what counts for tiers, less what came back
  PRIMARY KEY (member, day)
) WITH (fillfactor = 70);

CREATE TABLE used_coupons (
  serial     TEXT COLLATE "C" PRIMARY KEY,
  chain      TEXT COLLATE "C" NOT NULL,
  generation BIGINT NOT NULL,
  sequence   BIGINT NOT NULL
);

CREATE TABLE coupon_conflicts (
  serial     TEXT COLLATE "C" NOT NULL,  -- honoured again by a till that could not know: recorded, never dropped
  chain      TEXT COLLATE "C" NOT NULL,
  generation BIGINT NOT NULL,
  sequence   BIGINT NOT NULL,
  PRIMARY KEY (serial, chain, generation, sequence)
);

CREATE TABLE returns (
  of_chain      TEXT COLLATE "C" NOT NULL,  -- the sale
  of_generation BIGINT NOT NULL,
  of_sequence   BIGINT NOT NULL,
  chain         TEXT COLLATE "C" NOT NULL,  -- the return
  generation    BIGINT NOT NULL,
  sequence      BIGINT NOT NULL,
  restored      BIGINT NOT NULL,         -- points that it gave back
  PRIMARY KEY (of_chain, of_generation, of_sequence, chain, generation, sequence)
);

-- The feed. A cursor is made of its transaction's number, so that a reader knows below which one nothing more will come.
CREATE TABLE changes (
  partition TEXT COLLATE "C" NOT NULL,
  cursor    BIGINT NOT NULL,
  kind      TEXT COLLATE "C" NOT NULL CHECK (kind IN ('member', 'coupon')),
  key       TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (partition, cursor)
);
