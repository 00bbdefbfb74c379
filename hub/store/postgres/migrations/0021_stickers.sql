-- Stickers of a member by collection (P31), which is known by its first day. Less than nothing: he spent more than he had.
CREATE TABLE stickers (
  member     TEXT COLLATE "C" NOT NULL,
  collection TEXT COLLATE "C" NOT NULL,
  stickers   BIGINT NOT NULL,            -- the sum of the entries
  PRIMARY KEY (member, collection)
) WITH (fillfactor = 70);

-- What an operation did to them: of a merge, one row for each of the two.
CREATE TABLE sticker_entries (
  chain      TEXT COLLATE "C" NOT NULL,
  generation BIGINT NOT NULL,
  sequence   BIGINT NOT NULL,
  member     TEXT COLLATE "C" NOT NULL,
  collection TEXT COLLATE "C" NOT NULL,
  stickers   BIGINT NOT NULL CHECK (stickers <> 0),
  PRIMARY KEY (chain, generation, sequence, member, collection)
);
