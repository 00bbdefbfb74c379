-- Blank cards as they were made: of which batch each is (hub/blanks/batches.py).
CREATE TABLE batches (
  batch TEXT PRIMARY KEY,
  body  TEXT NOT NULL                -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE blanks (
  number TEXT PRIMARY KEY,
  batch  TEXT NOT NULL,
  state  TEXT NOT NULL CHECK (state IN ('blank', 'spoiled'))
) STRICT, WITHOUT ROWID;
