-- Gift certificates: what is on each, in kopecks, by double entry of their own (hub/books/certificates.py).
CREATE TABLE certificates (
  number    TEXT PRIMARY KEY,
  programme TEXT NOT NULL,
  store     TEXT NOT NULL,            -- where it was sold
  face      INTEGER NOT NULL CHECK (face >= 0),       -- 0: nobody has sold it yet
  remaining INTEGER NOT NULL CHECK (remaining >= 0),
  beyond    INTEGER NOT NULL CHECK (beyond >= 0),     -- paid with it, and not on it
  paid      INTEGER NOT NULL CHECK (paid IN (0, 1)),  -- 0: given, and may end
  until     TEXT CHECK (paid = 0 OR until IS NULL),
  state     TEXT NOT NULL CHECK (state IN ('open', 'blocked', 'replaced')),
  successor TEXT CHECK ((successor IS NULL) = (state <> 'replaced')),
  tries     INTEGER NOT NULL CHECK (tries >= 0)       -- wrong PINs
) STRICT, WITHOUT ROWID;
CREATE INDEX certificates_ending ON certificates (until, number) WHERE paid = 0 AND remaining > 0 AND until IS NOT NULL;

CREATE TABLE certificate_entries (
  chain       TEXT NOT NULL,
  generation  INTEGER NOT NULL,
  sequence    INTEGER NOT NULL,
  number      INTEGER NOT NULL CHECK (number > 0),
  certificate TEXT NOT NULL,
  account     TEXT NOT NULL
              CHECK (account IN ('certificate', 'beyond', 'sold', 'given', 'used', 'refunded', 'ended')),
  kopecks     INTEGER NOT NULL CHECK (kopecks <> 0),
  PRIMARY KEY (chain, generation, sequence, number)
) STRICT, WITHOUT ROWID;

-- Kopecks that a till keeps for its receipt.
CREATE TABLE certificate_holds (
  certificate TEXT NOT NULL,
  till        TEXT NOT NULL,
  hold        TEXT NOT NULL,
  kopecks     INTEGER NOT NULL CHECK (kopecks > 0),
  made_at     TEXT NOT NULL,
  until       TEXT NOT NULL,
  PRIMARY KEY (certificate, till)
) STRICT, WITHOUT ROWID;
CREATE INDEX certificate_holds_named ON certificate_holds (till, hold);

-- Numbers that were drawn, and whose they are to sell (hub/certificates/numbers.py).
CREATE TABLE certificate_numbers (
  number TEXT PRIMARY KEY,
  batch  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX certificate_numbers_batch ON certificate_numbers (batch, number);
