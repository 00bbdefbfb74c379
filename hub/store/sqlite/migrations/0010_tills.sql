-- The chain's tills: who may speak to the hub, with which key, under which file and generation (hub/tills/till.py).
CREATE TABLE tills (
  till TEXT PRIMARY KEY,
  body TEXT NOT NULL                 -- JSON
) STRICT, WITHOUT ROWID;
