-- What a person looks at: a receipt that cost points that were not there, a right honoured twice, a sale that was not as
-- it should be. One row for each operation and kind, never dropped.
CREATE TABLE cases (
  chain        TEXT COLLATE "C" NOT NULL,  -- of the operation that it came of
  generation   BIGINT NOT NULL CHECK (generation > 0),
  sequence     BIGINT NOT NULL CHECK (sequence > 0),
  kind         TEXT COLLATE "C" NOT NULL,
  opened_at    TIMESTAMPTZ NOT NULL,
  programme    TEXT COLLATE "C",
  member       TEXT COLLATE "C",
  sale         TEXT COLLATE "C",         -- what people call the receipt
  cost_points  BIGINT NOT NULL,
  cost_kopecks BIGINT NOT NULL,
  note         TEXT COLLATE "C" NOT NULL,
  others       TEXT COLLATE "C" NOT NULL,  -- operations that have to do with it: JSON [[chain, generation, sequence], …]
  state        TEXT COLLATE "C" NOT NULL CHECK (state IN ('open', 'settled')),
  settled_at   TIMESTAMPTZ,
  settled_by   TEXT COLLATE "C",
  remedy       TEXT COLLATE "C",
  settled_note TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (chain, generation, sequence, kind)
);
CREATE INDEX cases_open ON cases (opened_at, chain, generation, sequence, kind) WHERE state = 'open';

-- Operations of before opened none: up to here nobody is to miss them.
INSERT INTO settings (name, value)
SELECT 'cases_since', json_object_agg(chain || '/' || generation, sequence)::text FROM chains
WHERE sequence > 0 HAVING count(*) > 0;

-- A till is told of its own in a partition of its own.
ALTER TABLE changes DROP CONSTRAINT changes_kind_check;
ALTER TABLE changes ADD CONSTRAINT changes_kind_check CHECK (kind IN ('member', 'coupon', 'case'));
