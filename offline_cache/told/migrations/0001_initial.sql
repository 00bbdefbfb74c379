-- What was told and may still be asked about: quotes for a day, the visits that are open. It survives the process; with
-- the power it may go, for it waits for no disk and holds nothing that happened.
CREATE TABLE quotes (
  id       TEXT PRIMARY KEY,
  told_at  TEXT NOT NULL,
  pos      TEXT NOT NULL,
  quote    BLOB NOT NULL       -- opaque here
) STRICT, WITHOUT ROWID;
CREATE INDEX quotes_by_age ON quotes (told_at);

CREATE TABLE visits (
  place    INTEGER PRIMARY KEY,  -- 0: the one in front; then those put aside, the newest first
  visit    BLOB NOT NULL         -- opaque here
) STRICT;
