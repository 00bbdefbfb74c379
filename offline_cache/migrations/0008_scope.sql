-- Whom the hub tells of may be those of this till's shop alone (settings: `scope`). Who is not told of any more is
-- forgotten a day later, a few at a time: `feed` is the number of the beginning (settings: `feed`) after which a member
-- was told last.
ALTER TABLE members ADD COLUMN feed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN told_at TEXT;    -- the hub's time; NULL: before this was written down, or never

CREATE TABLE leaving (
  member TEXT PRIMARY KEY,
  at     TEXT NOT NULL                          -- the hub's time of being told that the shop is to forget him
) STRICT, WITHOUT ROWID;
