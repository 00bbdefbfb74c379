-- The chain's tills: who may speak to the hub, with which key, under which file and generation (hub/tills/till.py).
CREATE TABLE tills (
  till TEXT COLLATE "C" PRIMARY KEY,
  body TEXT COLLATE "C" NOT NULL         -- JSON
);
