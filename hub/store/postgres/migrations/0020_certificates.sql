-- Gift certificates: what is on each, in kopecks, by double entry of their own (hub/books/certificates.py).
CREATE TABLE certificates (
  number    TEXT COLLATE "C" PRIMARY KEY,
  programme TEXT COLLATE "C" NOT NULL,
  store     TEXT COLLATE "C" NOT NULL,   -- where it was sold
  face      BIGINT NOT NULL CHECK (face >= 0),       -- 0: nobody has sold it yet
  remaining BIGINT NOT NULL CHECK (remaining >= 0),
  beyond    BIGINT NOT NULL CHECK (beyond >= 0),     -- paid with it, and not on it
  paid      BOOLEAN NOT NULL,            -- false: given, and may end
  until     TIMESTAMPTZ CHECK (NOT paid OR until IS NULL),
  state     TEXT COLLATE "C" NOT NULL CHECK (state IN ('open', 'blocked', 'replaced')),
  successor TEXT COLLATE "C" CHECK ((successor IS NULL) = (state <> 'replaced')),
  tries     BIGINT NOT NULL CHECK (tries >= 0)       -- wrong PINs
) WITH (fillfactor = 70);
CREATE INDEX certificates_ending ON certificates (until, number) WHERE NOT paid AND remaining > 0 AND until IS NOT NULL;

CREATE TABLE certificate_entries (
  chain       TEXT COLLATE "C" NOT NULL,
  generation  BIGINT NOT NULL,
  sequence    BIGINT NOT NULL,
  number      BIGINT NOT NULL CHECK (number > 0),
  certificate TEXT COLLATE "C" NOT NULL,
  account     TEXT COLLATE "C" NOT NULL
              CHECK (account IN ('certificate', 'beyond', 'sold', 'given', 'used', 'refunded', 'ended')),
  kopecks     BIGINT NOT NULL CHECK (kopecks <> 0),
  PRIMARY KEY (chain, generation, sequence, number, certificate)
);

-- Kopecks that a till keeps for its receipt.
CREATE TABLE certificate_holds (
  certificate TEXT COLLATE "C" NOT NULL,
  till        TEXT COLLATE "C" NOT NULL,
  hold        TEXT COLLATE "C" NOT NULL,
  kopecks     BIGINT NOT NULL CHECK (kopecks > 0),
  made_at     TIMESTAMPTZ NOT NULL,
  until       TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (certificate, till)
);
CREATE INDEX certificate_holds_named ON certificate_holds (till, hold);

-- Numbers that were drawn, and whose they are to sell (hub/certificates/numbers.py).
CREATE TABLE certificate_numbers (
  number TEXT COLLATE "C" PRIMARY KEY,
  batch  TEXT COLLATE "C" NOT NULL
);
CREATE INDEX certificate_numbers_batch ON certificate_numbers (batch, number);
