-- Rows of the hub's pages that could not be kept: what was known before stands, and a person is told.
CREATE TABLE set_aside (
  kind   TEXT NOT NULL CHECK (kind IN ('member', 'coupon', 'coupon_key')),
  key    TEXT NOT NULL,                         -- the member's id, the serial, as far as it could be read
  reason TEXT NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

-- The hub's cursor is a text of its own now, and its beginning the empty one. Where a number stood, its digits go on.
UPDATE settings SET value = '' WHERE name = 'cursor' AND value = '0';
