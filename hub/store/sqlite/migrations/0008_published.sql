-- Programmes that the chain has published: from when each is in force. Their files are on the shelf (programmes).
CREATE TABLE published (
  programme TEXT NOT NULL,
  begins_at TEXT NOT NULL,           -- until the next of the same programme begins
  version   TEXT NOT NULL,
  hash      TEXT NOT NULL,
  at        TEXT NOT NULL,           -- when it was published
  PRIMARY KEY (programme, begins_at)
) STRICT, WITHOUT ROWID;
