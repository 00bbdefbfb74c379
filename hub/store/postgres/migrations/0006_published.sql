-- Programmes that the chain has published: from when each is in force. Their files are on the shelf (programmes).
CREATE TABLE published (
  programme TEXT COLLATE "C" NOT NULL,
  begins_at TIMESTAMPTZ NOT NULL,        -- until the next of the same programme begins
  version   TEXT COLLATE "C" NOT NULL,
  hash      TEXT COLLATE "C" NOT NULL,
  at        TIMESTAMPTZ NOT NULL,        -- when it was published
  PRIMARY KEY (programme, begins_at)
);
