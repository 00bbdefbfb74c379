-- What velocity rules see of a card or a person (hub/watching.py).
CREATE TABLE watched (
  subject TEXT PRIMARY KEY,
  body    TEXT NOT NULL               -- JSON
) STRICT, WITHOUT ROWID;

-- What a till did on a shop's day, by whose hands (loyalty/day.py).
CREATE TABLE store_days (
  store TEXT NOT NULL,
  day   TEXT NOT NULL,
  till  TEXT NOT NULL,
  by    TEXT NOT NULL,
  body  TEXT NOT NULL,                -- JSON
  PRIMARY KEY (store, day, till, by)
) STRICT, WITHOUT ROWID;

-- Acts of the desk, each with the hash of the one before (hub/desk/acted.py).
CREATE TABLE acted (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  body   TEXT NOT NULL                -- JSON
) STRICT;
