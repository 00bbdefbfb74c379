-- What the clock makes due. Jobs look for it by three small indexes: points that died unspent, birthdays by month and day,
-- cards whose moment has come.
CREATE INDEX lots_by_end ON lots (expires_at, member) WHERE remaining > 0;
CREATE INDEX members_by_birthday ON members (substr(birthday, 6), member) WHERE birthday IS NOT NULL;
CREATE INDEX cards_pending ON cards (active_from) WHERE status = 'pending';

-- What was done for a member and is never done again.
CREATE TABLE once (
  member TEXT NOT NULL,
  what   TEXT NOT NULL,              -- birthday/2026
  PRIMARY KEY (member, what)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
  job        TEXT PRIMARY KEY,
  done_until TEXT,                   -- all that was due up to here is done; NULL: never yet
  did        INTEGER NOT NULL DEFAULT 0 CHECK (did >= 0), -- for so many, in the run that ended last
  holder     TEXT,                   -- who does it now
  held_until TEXT                    -- if he has not died
) STRICT, WITHOUT ROWID;
INSERT INTO jobs (job, done_until) SELECT 'retell', value FROM settings WHERE name = 'retold_until';
DELETE FROM settings WHERE name = 'retold_until';
