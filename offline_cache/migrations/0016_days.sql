-- What a shop's day came to, by whose hands (loyalty/day.py): counted when it happens, so that nobody looks through
-- operations, and what is trimmed stays counted.
CREATE TABLE days (
  day    TEXT NOT NULL,
  by     TEXT NOT NULL,                        -- '': nobody said
  counts TEXT NOT NULL,                        -- JSON
  PRIMARY KEY (day, by)
) STRICT, WITHOUT ROWID;

-- Cards and people that this till saw more of than is ordinary (loyalty/velocity.py).
CREATE TABLE rings (
  number  INTEGER PRIMARY KEY,
  day     TEXT NOT NULL,
  at      TEXT NOT NULL,
  subject TEXT NOT NULL,                       -- a member's id, a card that nobody has; '': whoever guesses
  rule    TEXT NOT NULL,
  count   INTEGER NOT NULL,
  most    INTEGER NOT NULL,
  by      TEXT NOT NULL,
  sale    TEXT NOT NULL                        -- what people call the receipt
) STRICT;
CREATE INDEX rings_by_day ON rings (day);
CREATE INDEX rings_by_subject ON rings (subject, at);
