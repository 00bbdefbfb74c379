-- What the hub has told of sales whose goods come back here: those of other tills, and of this one what came back
-- elsewhere. By what was asked; of one sale the newest counts.
CREATE TABLE sales_elsewhere (
  sought     TEXT NOT NULL PRIMARY KEY,
  chain      TEXT NOT NULL,
  generation INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,
  told       TEXT NOT NULL,                     -- JSON, opaque here
  told_at    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sales_elsewhere_by_sale ON sales_elsewhere (chain, generation, sequence, told_at);

-- Goods of other tills' sales that came back here, by their sale.
CREATE TABLE returns_elsewhere (
  of_chain      TEXT NOT NULL,
  of_generation INTEGER NOT NULL,
  of_sequence   INTEGER NOT NULL,
  generation    INTEGER NOT NULL,
  sequence      INTEGER NOT NULL,
  PRIMARY KEY (of_chain, of_generation, of_sequence, generation, sequence)
) STRICT, WITHOUT ROWID;
