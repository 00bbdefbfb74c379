-- Points that a till has reserved for a receipt, until it is paid or its time is over. No operation says so: they are
-- promises, and what became of them stands in the sale, or in `hold_voided`.
CREATE TABLE holds (
  member TEXT COLLATE "C" NOT NULL,
  hold   TEXT COLLATE "C" NOT NULL,      -- made by the till
  till   TEXT COLLATE "C" NOT NULL,
  points BIGINT NOT NULL CHECK (points >= 0),
  until  TIMESTAMPTZ NOT NULL,           -- then it is over by itself, and the row may go
  state  TEXT COLLATE "C" NOT NULL CHECK (state IN ('open', 'confirmed', 'voided')),
  PRIMARY KEY (member, hold)
);
CREATE INDEX holds_by_end ON holds (until);

-- Shops. A till of one whose `members` is 'shop' is told of those alone who are seen there.
CREATE TABLE stores (
  store     TEXT COLLATE "C" PRIMARY KEY,
  entity    TEXT COLLATE "C" NOT NULL DEFAULT '',  -- the legal entity
  format    TEXT COLLATE "C" NOT NULL DEFAULT '',
  timezone  TEXT COLLATE "C",            -- IANA; NULL: the programme's
  members   TEXT COLLATE "C" NOT NULL CHECK (members IN ('chain', 'shop')),
  keep_days BIGINT NOT NULL CHECK (keep_days > 0)
);
CREATE INDEX stores_by_members ON stores (members);

CREATE TABLE seen (
  member TEXT COLLATE "C" NOT NULL,
  store  TEXT COLLATE "C" NOT NULL,
  until  TIMESTAMPTZ NOT NULL,           -- the shop's tills forget him then, if he is not seen again
  PRIMARY KEY (member, store)
);
CREATE INDEX seen_by_end ON seen (until);
