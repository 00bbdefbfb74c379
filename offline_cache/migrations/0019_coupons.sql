-- A coupon may be used several times: the hub's word is how often it was, and our own uses behind that word are counted
-- besides. What was used here names its receipt.
CREATE TABLE told_coupons (
  serial     TEXT PRIMARY KEY,
  uses_left  INTEGER CHECK (uses_left >= 0),  -- NULL: as many as it has
  generation INTEGER NOT NULL,                -- our operations up to this one are in it
  sequence   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO told_coupons (serial, uses_left, generation, sequence)
SELECT serial, 0,
  coalesce((SELECT max(generation) FROM operations), 0),
  coalesce((SELECT max(sequence) FROM operations WHERE generation = (SELECT max(generation) FROM operations)), 0)
FROM used_coupons;
DROP TABLE used_coupons;

CREATE TABLE coupon_uses (
  serial     TEXT NOT NULL,
  generation INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,
  change     INTEGER NOT NULL CHECK (change IN (-1, 1)),  -- a return gives a use back
  PRIMARY KEY (serial, generation, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX coupon_uses_by_operation ON coupon_uses (generation, sequence);

CREATE TABLE stopped_campaigns (
  campaign TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
