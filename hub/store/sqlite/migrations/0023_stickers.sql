-- Stickers of a member by collection (P31), which is known by its first day. Less than nothing: he spent more than he had.
CREATE TABLE stickers (
  member     TEXT NOT NULL,
  collection TEXT NOT NULL,
  stickers   INTEGER NOT NULL,           -- the sum of the entries
  PRIMARY KEY (member, collection)
) STRICT, WITHOUT ROWID;

-- What an operation did to them: of a merge, one row for each of the two.
CREATE TABLE sticker_entries (
  chain      TEXT NOT NULL,
  generation INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,
  member     TEXT NOT NULL,
  collection TEXT NOT NULL,
  stickers   INTEGER NOT NULL CHECK (stickers <> 0),
  PRIMARY KEY (chain, generation, sequence, member, collection)
) STRICT, WITHOUT ROWID;
