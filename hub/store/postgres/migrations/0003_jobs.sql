-- What the clock makes due. Jobs look for it by three small indexes: points that died unspent, birthdays by month and day,
-- cards whose moment has come.
CREATE INDEX lots_by_end ON lots (expires_at, member) WHERE remaining > 0;
CREATE INDEX members_by_birthday ON members (substr(birthday, 6), member) WHERE birthday IS NOT NULL;
CREATE INDEX cards_pending ON cards (active_from) WHERE status = 'pending';

-- What was done for a member and is never done again.
CREATE TABLE once (
  member TEXT COLLATE "C" NOT NULL,
  what   TEXT COLLATE "C" NOT NULL,      -- birthday/2026
  PRIMARY KEY (member, what)
);

CREATE TABLE jobs (
  job        TEXT COLLATE "C" PRIMARY KEY,
  done_until TIMESTAMPTZ,                -- all that was due up to here is done; NULL: never yet
  did        BIGINT NOT NULL DEFAULT 0 CHECK (did >= 0),  -- for so many, in the run that ended last
  holder     TEXT COLLATE "C",           -- who does it now
  held_until TIMESTAMPTZ                 -- if he has not died
);
INSERT INTO jobs (job, done_until) SELECT 'retell', value::timestamptz FROM settings WHERE name = 'retold_until';
DELETE FROM settings WHERE name = 'retold_until';
