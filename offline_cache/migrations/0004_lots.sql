-- Operations are known by (generation, sequence), may stand without a sale and without a member, and what balances
-- are summed from is read from their texts. Members are their lots.
CREATE TABLE done (
  generation  INTEGER NOT NULL CHECK (generation > 0),
  sequence    INTEGER NOT NULL CHECK (sequence > 0),
  hash        TEXT NOT NULL UNIQUE,
  kind        TEXT NOT NULL,
  member      TEXT,
  sale_day    TEXT,
  sale_number TEXT,
  sale_pos    TEXT NOT NULL DEFAULT '',         -- the POS's name
  sale_shift  TEXT NOT NULL DEFAULT '',
  sale_again  TEXT NOT NULL DEFAULT '',         -- the moment, for another sale under a number that was taken
  at          TEXT NOT NULL,
  text        TEXT NOT NULL,                    -- canonical for its version, as hashed and sent; never written anew
  result      TEXT CHECK (result IN ('applied', 'refused')),  -- the hub's answer; NULL: not answered yet
  reason      TEXT,
  PRIMARY KEY (generation, sequence),
  UNIQUE (sale_number, sale_pos, sale_shift, sale_day, sale_again, kind)  -- a sale told twice is one operation
) STRICT, WITHOUT ROWID;
INSERT INTO done (generation, sequence, hash, kind, member, sale_day, sale_number, at, text, result, reason)
SELECT 1, sequence, hash, kind, member, sale_day, sale_number,
       iif(json_valid(text), json_extract(text, '$.at'), ''),  -- a damaged one is told when the file is looked through
       text, result, reason
FROM operations;

CREATE TABLE waiting (
  generation INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,
  PRIMARY KEY (generation, sequence),
  FOREIGN KEY (generation, sequence) REFERENCES done
) STRICT, WITHOUT ROWID;
INSERT INTO waiting SELECT 1, sequence FROM outbox;

CREATE TABLE papers (
  job        INTEGER PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('receipt', 'copy', 'slip', 'report')),
  label      TEXT NOT NULL,                                  -- what a person calls it: the sale's number, the day
  generation INTEGER,
  sequence   INTEGER,                                        -- the last operation of the sale it tells of, if any
  document   BLOB NOT NULL,                                  -- opaque here
  state      TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'printed', 'interrupted', 'unknown')),
  attempt    INTEGER NOT NULL DEFAULT 0,                     -- each attempt has an id of its own
  cause      TEXT NOT NULL DEFAULT '',
  doubtful   INTEGER NOT NULL DEFAULT 0 CHECK (doubtful IN (0, 1)),  -- an earlier attempt may have left some paper
  proof      TEXT NOT NULL DEFAULT '' CHECK (proof IN ('', 'process_id', 'gs_r', 'person')),  -- why it is printed
  queued_at  TEXT NOT NULL,
  FOREIGN KEY (generation, sequence) REFERENCES done
) STRICT;
INSERT INTO papers (job, kind, label, generation, sequence, document, state, attempt, cause, doubtful, proof, queued_at)
SELECT job, kind, label, iif(sequence IS NULL, NULL, 1), sequence, document, state, attempt, cause, doubtful, proof,
       queued_at
FROM print_jobs;

DROP TABLE print_jobs;
DROP TABLE outbox;
DROP TABLE operations;
ALTER TABLE done RENAME TO operations;
ALTER TABLE waiting RENAME TO outbox;
ALTER TABLE papers RENAME TO print_jobs;
CREATE INDEX operations_by_member ON operations (member, generation, sequence) WHERE member IS NOT NULL;
CREATE INDEX operations_fiscal ON operations (generation, sequence) WHERE kind = 'fiscal_added';
CREATE INDEX print_jobs_open ON print_jobs (job) WHERE state <> 'printed';
CREATE UNIQUE INDEX print_jobs_receipt ON print_jobs (generation, sequence) WHERE kind = 'receipt';

-- The hub's word of a member is one value (loyalty/snapshot.py). Until it comes anew, what was known is put into that
-- shape: the points that die first, and the rest without an end. The feed is read again from its beginning.
CREATE TABLE known (
  member     TEXT PRIMARY KEY,
  generation INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,                  -- our operations up to here are in what is told
  phone_key  BLOB,                              -- keyed hash; the till never has the number itself
  told       TEXT NOT NULL                      -- JSON
) STRICT, WITHOUT ROWID;
INSERT INTO known (member, generation, sequence, phone_key, told)
SELECT member, 1, snapshot_sequence, phone_key,
       json_object(
         'member', member,
         'cards', json_array(),
         'lots', json((SELECT json_group_array(json_object('id', part.id, 'points', part.points,
                                                      'active_from', '2000-01-01T00:00:00.000000+00:00',
                                                      'expires_at', part.expires_at))
                  FROM (SELECT 'first' AS id, min(points, coalesce(expiring_points, 0)) AS points,
                               expiring_at AS expires_at
                        UNION ALL
                        SELECT 'rest', points - max(0, min(points, coalesce(expiring_points, 0))), NULL) AS part
                  WHERE part.points > 0)),  -- json(): a newer SQLite forgets on the way that it is JSON
         'debt', max(0, -points),
         'spent', json(iif(accumulated_kopecks > 0,
                      json_array(json_object('day', '2000-01-01', 'kopecks', accumulated_kopecks)), json_array())),
         'birthday', birthday,
         'favourites', json(favourites))
FROM members;
CREATE TABLE held (
  number      TEXT PRIMARY KEY,
  member      TEXT NOT NULL REFERENCES known,
  status      TEXT NOT NULL CHECK (status IN ('issued', 'pending', 'active', 'blocked', 'replaced')),
  active_from TEXT                              -- when a pending card becomes active by itself
) STRICT, WITHOUT ROWID;
INSERT INTO held (number, member, status) SELECT number, member, status FROM cards;
DROP TABLE cards;
DROP TABLE members;
ALTER TABLE known RENAME TO members;
ALTER TABLE held RENAME TO cards;
CREATE INDEX members_by_phone ON members (phone_key) WHERE phone_key IS NOT NULL;
CREATE INDEX cards_by_member ON cards (member);
UPDATE settings SET value = '0' WHERE name = 'cursor';

-- Every programme that operations were made under: a sale of last year is undone by last year's rules.
CREATE TABLE programmes (
  hash   TEXT PRIMARY KEY,
  source TEXT NOT NULL                          -- the file, as it was
) STRICT, WITHOUT ROWID;
