-- How far the till's own file was when it was looked at last, for whoever finds another there.
CREATE TABLE marks (
  name   TEXT PRIMARY KEY,
  value  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
