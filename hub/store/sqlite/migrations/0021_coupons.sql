-- A coupon may have several uses, numbered from 1; whoever used it is kept with the use, and what it took off.
CREATE TABLE coupons_used (
  serial           TEXT NOT NULL,
  chain            TEXT NOT NULL,
  generation       INTEGER NOT NULL,
  sequence         INTEGER NOT NULL,
  number           INTEGER NOT NULL CHECK (number > 0),
  programme        TEXT NOT NULL,
  campaign         TEXT NOT NULL,
  member           TEXT NOT NULL,        -- '': nobody's receipt
  discount_kopecks INTEGER NOT NULL,
  uses             INTEGER NOT NULL,
  PRIMARY KEY (serial, chain, generation, sequence),
  UNIQUE (serial, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE coupons_again (
  serial           TEXT NOT NULL,
  chain            TEXT NOT NULL,
  generation       INTEGER NOT NULL,
  sequence         INTEGER NOT NULL,
  number           INTEGER NOT NULL,
  programme        TEXT NOT NULL,
  campaign         TEXT NOT NULL,
  member           TEXT NOT NULL,
  discount_kopecks INTEGER NOT NULL,
  uses             INTEGER NOT NULL,
  PRIMARY KEY (serial, chain, generation, sequence)
) STRICT, WITHOUT ROWID;

-- Of receipts of before, their operations say the rest; of a member who is named by his card alone, whose it is now.
CREATE TEMP TABLE uses_told AS
WITH uses AS (
  SELECT serial, chain, generation, sequence, 1 AS number FROM used_coupons
  UNION ALL SELECT serial, chain, generation, sequence, 0 FROM coupon_conflicts
), told AS (
  SELECT uses.*, coalesce(json_extract(said, '$.programme'), '') AS programme, json_extract(said, '$.body') AS body
  FROM uses LEFT JOIN (
    SELECT chain, generation, sequence, CASE WHEN json_valid(text) THEN text ELSE '{}' END AS said FROM operations
  ) USING (chain, generation, sequence)
)
SELECT serial, chain, generation, sequence, number, programme,
  coalesce(json_extract(use.value, '$.campaign'), '') AS campaign,
  coalesce(
    (SELECT member FROM members WHERE member = json_extract(told.body, '$.member')),
    (SELECT member FROM cards WHERE cards.number = json_extract(told.body, '$.card')), ''
  ) AS member,
  coalesce(json_extract(use.value, '$.discount_kopecks'), 0) AS discount_kopecks
FROM told LEFT JOIN json_each(coalesce(told.body, '{}'), '$.coupons') AS use
  ON json_extract(use.value, '$.serial') = told.serial;
INSERT OR IGNORE INTO coupons_used
SELECT serial, chain, generation, sequence, 1, programme, campaign, member, discount_kopecks, 1 FROM uses_told
WHERE number = 1;
INSERT OR IGNORE INTO coupons_again
SELECT serial, chain, generation, sequence, 0, programme, campaign, member, discount_kopecks, 1 FROM uses_told
WHERE number = 0;
DROP TABLE uses_told;
DROP TABLE used_coupons;
DROP TABLE coupon_conflicts;
ALTER TABLE coupons_used RENAME TO used_coupons;
ALTER TABLE coupons_again RENAME TO coupon_conflicts;

-- How often coupons of a campaign were honoured, and what they took off; who stopped it (hub/coupons/campaigns.py).
CREATE TABLE campaigns (
  programme        TEXT NOT NULL,
  campaign         TEXT NOT NULL,
  uses             INTEGER NOT NULL,
  discount_kopecks INTEGER NOT NULL,
  stopped          TEXT NOT NULL,        -- JSON; '': by nobody
  PRIMARY KEY (programme, campaign)
) STRICT, WITHOUT ROWID;
INSERT INTO campaigns
SELECT programme, campaign, count(*), sum(discount_kopecks), '' FROM (
  SELECT programme, campaign, discount_kopecks FROM used_coupons
  UNION ALL SELECT programme, campaign, discount_kopecks FROM coupon_conflicts
) GROUP BY programme, campaign;

-- The same of each member's receipts: of whoever he is now.
CREATE TABLE campaign_members (
  member           TEXT NOT NULL,
  programme        TEXT NOT NULL,
  campaign         TEXT NOT NULL,
  uses             INTEGER NOT NULL,
  discount_kopecks INTEGER NOT NULL,
  PRIMARY KEY (member, programme, campaign)
) STRICT, WITHOUT ROWID;
INSERT INTO campaign_members
WITH RECURSIVE uses AS (
  SELECT programme, campaign, member, discount_kopecks FROM used_coupons WHERE member <> ''
  UNION ALL SELECT programme, campaign, member, discount_kopecks FROM coupon_conflicts WHERE member <> ''
), whose AS (
  SELECT DISTINCT member AS was, member AS is_now, 0 AS merges FROM uses
  UNION ALL
  SELECT was, merged_into, merges + 1 FROM whose JOIN members ON member = is_now
  WHERE merged_into IS NOT NULL AND merges < 1000
), last AS (
  SELECT was, is_now, max(merges) FROM whose GROUP BY was
)
SELECT is_now, programme, campaign, count(*), sum(discount_kopecks) FROM uses JOIN last ON was = member
GROUP BY is_now, programme, campaign;

-- Coupons that were made here, or are revoked (hub/coupons/made.py).
CREATE TABLE coupons (
  serial    TEXT PRIMARY KEY,
  programme TEXT NOT NULL,
  campaign  TEXT NOT NULL,
  member    TEXT NOT NULL,               -- '': whoever has it
  code      TEXT NOT NULL,               -- a keyed hash of what is typed; '': none
  body      TEXT NOT NULL                -- JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX coupons_by_member ON coupons (member) WHERE member <> '';
CREATE INDEX coupons_by_campaign ON coupons (programme, campaign, serial);
CREATE INDEX coupons_by_code ON coupons (code) WHERE code <> '';

-- Uses that tills keep for receipts.
CREATE TABLE coupon_holds (
  serial           TEXT NOT NULL,
  till             TEXT NOT NULL,
  hold             TEXT NOT NULL,
  programme        TEXT NOT NULL,
  campaign         TEXT NOT NULL,
  member           TEXT NOT NULL,
  discount_kopecks INTEGER NOT NULL,
  until            TEXT NOT NULL,
  PRIMARY KEY (serial, till)
) STRICT, WITHOUT ROWID;
CREATE INDEX coupon_holds_by_campaign ON coupon_holds (programme, campaign);
CREATE INDEX coupon_holds_by_till ON coupon_holds (till);
