-- To what members agreed, and when it ended: one row for each time that somebody agreed to something.
CREATE TABLE consents (
  member       TEXT NOT NULL,
  what         TEXT NOT NULL,              -- loyalty/consents.py
  given_at     TEXT NOT NULL,
  document     TEXT NOT NULL,              -- its version
  source       TEXT NOT NULL,
  withdrawn_at TEXT CHECK (withdrawn_at >= given_at),
  PRIMARY KEY (member, what, given_at)
) STRICT, WITHOUT ROWID;

-- Receipts of the system that the shop had before: where each stands among the operations, and by what it is found.
CREATE TABLE earlier_sales (
  store      TEXT NOT NULL,
  day        TEXT NOT NULL,
  number     TEXT NOT NULL,
  pos        TEXT NOT NULL,                -- where a shop's tills counted each for itself
  chain      TEXT NOT NULL,
  generation INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,
  card       TEXT,
  document   TEXT,                         -- number of the fiscal document
  PRIMARY KEY (store, day, number, pos)
) STRICT, WITHOUT ROWID;
CREATE INDEX earlier_sales_by_card ON earlier_sales (card) WHERE card IS NOT NULL;
CREATE INDEX earlier_sales_by_document ON earlier_sales (document) WHERE document IS NOT NULL;
