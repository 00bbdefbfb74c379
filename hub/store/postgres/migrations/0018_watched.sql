-- What velocity rules see of a card or a person (hub/watching.py).
CREATE TABLE watched (
  subject TEXT COLLATE "C" PRIMARY KEY,
  body    TEXT COLLATE "C" NOT NULL      -- JSON
);

-- What a till did on a shop's day, by whose hands (loyalty/day.py).
CREATE TABLE store_days (
  store TEXT COLLATE "C" NOT NULL,
  day   TEXT COLLATE "C" NOT NULL,
  till  TEXT COLLATE "C" NOT NULL,
  by    TEXT COLLATE "C" NOT NULL,
  body  TEXT COLLATE "C" NOT NULL,       -- JSON
  PRIMARY KEY (store, day, till, by)
);

-- Acts of the desk, each with the hash of the one before (hub/desk/acted.py).
CREATE TABLE acted (
  number bigint PRIMARY KEY CHECK (number > 0),
  body   TEXT COLLATE "C" NOT NULL       -- JSON
);
