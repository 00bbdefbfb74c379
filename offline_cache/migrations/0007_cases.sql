-- What people look at of this till's own operations, as the hub told of it. What is settled goes; of a refusal only that
-- it is, for the operation itself stays.
CREATE TABLE cases (
  id        TEXT PRIMARY KEY,
  kind      TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  told      TEXT,                               -- as the hub told it; NULL: settled
  CHECK (told IS NOT NULL OR kind = 'refused')
) STRICT, WITHOUT ROWID;
