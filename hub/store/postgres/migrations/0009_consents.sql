-- To what members agreed, and when it ended: one row for each time that somebody agreed to something.
CREATE TABLE consents (
  member       TEXT COLLATE "C" NOT NULL,
  what         TEXT COLLATE "C" NOT NULL,      -- loyalty/consents.py
  given_at     TIMESTAMPTZ NOT NULL,
  document     TEXT COLLATE "C" NOT NULL,      -- its version
  source       TEXT COLLATE "C" NOT NULL,
  withdrawn_at TIMESTAMPTZ CHECK (withdrawn_at >= given_at),
  PRIMARY KEY (member, what, given_at)
);

-- Receipts of the system that the shop had before: where each stands among the operations, and by what it is found.
CREATE TABLE earlier_sales (
  store      TEXT COLLATE "C" NOT NULL,
  day        TEXT COLLATE "C" NOT NULL,
  number     TEXT COLLATE "C" NOT NULL,
  pos        TEXT COLLATE "C" NOT NULL,        -- where a shop's tills counted each for itself
  chain      TEXT COLLATE "C" NOT NULL,
  generation BIGINT NOT NULL,
  sequence   BIGINT NOT NULL,
  card       TEXT COLLATE "C",
  document   TEXT COLLATE "C",                 -- number of the fiscal document
  PRIMARY KEY (store, day, number, pos)
);
CREATE INDEX earlier_sales_by_card ON earlier_sales (card) WHERE card IS NOT NULL;
CREATE INDEX earlier_sales_by_document ON earlier_sales (document) WHERE document IS NOT NULL;
