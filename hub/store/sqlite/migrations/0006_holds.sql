-- Points that a till has reserved for a receipt, until it is paid or its time is over. No operation says so: they are
-- promises, and what became of them stands in the sale, or in `hold_voided`.
CREATE TABLE holds (
  member TEXT NOT NULL,
  hold   TEXT NOT NULL,              -- made by the till
  till   TEXT NOT NULL,
  points INTEGER NOT NULL CHECK (points >= 0),
  until  TEXT NOT NULL,              -- then it is over by itself, and the row may go
  state  TEXT NOT NULL CHECK (state IN ('open', 'confirmed', 'voided')),
  PRIMARY KEY (member, hold)
) STRICT, WITHOUT ROWID;
CREATE INDEX holds_by_end ON holds (until);

-- Shops. A till of one whose `members` is 'shop' is told of those alone who are seen there.
CREATE TABLE stores (
  store     TEXT PRIMARY KEY,
  entity    TEXT NOT NULL DEFAULT '',   -- the legal entity
  format    TEXT NOT NULL DEFAULT '',
  timezone  TEXT,                       -- IANA; NULL: the programme's
  members   TEXT NOT NULL CHECK (members IN ('chain', 'shop')),
  keep_days INTEGER NOT NULL CHECK (keep_days > 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX stores_by_members ON stores (members);

CREATE TABLE seen (
  member TEXT NOT NULL,
  store  TEXT NOT NULL,
  until  TEXT NOT NULL,              -- the shop's tills forget him then, if he is not seen again
  PRIMARY KEY (member, store)
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_by_end ON seen (until);
