-- Blank cards as they were made: of which batch each is (hub/blanks/batches.py).
CREATE TABLE batches (
  batch TEXT COLLATE "C" PRIMARY KEY,
  body  TEXT COLLATE "C" NOT NULL        -- JSON
);

CREATE TABLE blanks (
  number TEXT COLLATE "C" PRIMARY KEY,
  batch  TEXT COLLATE "C" NOT NULL,
  state  TEXT COLLATE "C" NOT NULL CHECK (state IN ('blank', 'spoiled'))
);
