-- A coupon may have several uses, numbered from 1; whoever used it is kept with the use, and what it took off.
ALTER TABLE used_coupons DROP CONSTRAINT used_coupons_pkey;
ALTER TABLE used_coupons
  ADD COLUMN number           bigint NOT NULL DEFAULT 1 CHECK (number > 0),
  ADD COLUMN programme        TEXT COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN campaign         TEXT COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN member           TEXT COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN discount_kopecks bigint NOT NULL DEFAULT 0,
  ADD COLUMN uses             bigint NOT NULL DEFAULT 1,
  ADD PRIMARY KEY (serial, chain, generation, sequence),
  ADD UNIQUE (serial, number);
ALTER TABLE coupon_conflicts
  ADD COLUMN number           bigint NOT NULL DEFAULT 0,
  ADD COLUMN programme        TEXT COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN campaign         TEXT COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN member           TEXT COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN discount_kopecks bigint NOT NULL DEFAULT 0,
  ADD COLUMN uses             bigint NOT NULL DEFAULT 1;

-- How often coupons of a campaign were honoured, and what they took off; who stopped it (hub/coupons/campaigns.py).
CREATE TABLE campaigns (
  programme        TEXT COLLATE "C" NOT NULL,
  campaign         TEXT COLLATE "C" NOT NULL,
  uses             bigint NOT NULL,
  discount_kopecks bigint NOT NULL,
  stopped          TEXT COLLATE "C" NOT NULL,   -- JSON; '': by nobody
  PRIMARY KEY (programme, campaign)
);

-- The same of each member's receipts: of whoever he is now.
CREATE TABLE campaign_members (
  member           TEXT COLLATE "C" NOT NULL,
  programme        TEXT COLLATE "C" NOT NULL,
  campaign         TEXT COLLATE "C" NOT NULL,
  uses             bigint NOT NULL,
  discount_kopecks bigint NOT NULL,
  PRIMARY KEY (member, programme, campaign)
);

-- Coupons that were made here, or are revoked (hub/coupons/made.py).
CREATE TABLE coupons (
  serial    TEXT COLLATE "C" PRIMARY KEY,
  programme TEXT COLLATE "C" NOT NULL,
  campaign  TEXT COLLATE "C" NOT NULL,
  member    TEXT COLLATE "C" NOT NULL,          -- '': whoever has it
  code      TEXT COLLATE "C" NOT NULL,          -- a keyed hash of what is typed; '': none
  body      TEXT COLLATE "C" NOT NULL           -- JSON
);
CREATE INDEX coupons_by_member ON coupons (member) WHERE member <> '';
CREATE INDEX coupons_by_campaign ON coupons (programme, campaign, serial);
CREATE INDEX coupons_by_code ON coupons (code) WHERE code <> '';

-- Uses that tills keep for receipts.
CREATE TABLE coupon_holds (
  serial           TEXT COLLATE "C" NOT NULL,
  till             TEXT COLLATE "C" NOT NULL,
  hold             TEXT COLLATE "C" NOT NULL,
  programme        TEXT COLLATE "C" NOT NULL,
  campaign         TEXT COLLATE "C" NOT NULL,
  member           TEXT COLLATE "C" NOT NULL,
  discount_kopecks bigint NOT NULL,
  until            timestamptz NOT NULL,
  PRIMARY KEY (serial, till)
);
CREATE INDEX coupon_holds_by_campaign ON coupon_holds (programme, campaign);
CREATE INDEX coupon_holds_by_till ON coupon_holds (till);

-- Of receipts of before, their operations say the rest; of a member who is named by his card alone, whose it is now.
-- One after the other: where the tables are spread, no statement may join them.
CREATE FUNCTION pg_temp.use_told(said TEXT, serial_told TEXT)
RETURNS TABLE (programme TEXT, campaign TEXT, member TEXT, card TEXT, discount bigint) LANGUAGE plpgsql AS $$
DECLARE
  told JSON;
  use  JSON;
BEGIN
  told := said::json;
  programme := coalesce(told ->> 'programme', '');
  member := told #>> '{body,member}';
  card := told #>> '{body,card}';
  SELECT one INTO use FROM json_array_elements(told #> '{body,coupons}') AS one WHERE one ->> 'serial' = serial_told LIMIT 1;
  campaign := coalesce(use ->> 'campaign', '');
  discount := coalesce((use ->> 'discount_kopecks')::bigint, 0);
  RETURN NEXT;
EXCEPTION WHEN data_exception THEN
  RETURN;
END $$;

DO $$
DECLARE
  kept  RECORD;
  told  RECORD;
  said  TEXT;
  whose TEXT;
  onto  TEXT;
  steps INTEGER;
BEGIN
  FOR kept IN
    SELECT 'used_coupons' AS here, serial, chain, generation, sequence FROM used_coupons
    UNION ALL SELECT 'coupon_conflicts', serial, chain, generation, sequence FROM coupon_conflicts
  LOOP
    said := NULL;
    SELECT text INTO said FROM operations
    WHERE chain = kept.chain AND generation = kept.generation AND sequence = kept.sequence;
    CONTINUE WHEN said IS NULL;
    FOR told IN SELECT * FROM pg_temp.use_told(said, kept.serial) LOOP
      SELECT member INTO whose FROM members WHERE member = told.member;
      IF whose IS NULL THEN
        SELECT member INTO whose FROM cards WHERE number = told.card LIMIT 1;
      END IF;
      EXECUTE format(
        'UPDATE %I SET programme = $1, campaign = $2, member = $3, discount_kopecks = $4'
        ' WHERE serial = $5 AND chain = $6 AND generation = $7 AND sequence = $8', kept.here
      ) USING told.programme, told.campaign, coalesce(whose, ''), told.discount,
        kept.serial, kept.chain, kept.generation, kept.sequence;
      INSERT INTO campaigns VALUES (told.programme, told.campaign, 1, told.discount, '')
      ON CONFLICT (programme, campaign) DO UPDATE SET uses = campaigns.uses + 1,
        discount_kopecks = campaigns.discount_kopecks + EXCLUDED.discount_kopecks;
      CONTINUE WHEN whose IS NULL;
      steps := 0;
      LOOP
        SELECT merged_into INTO onto FROM members WHERE member = whose;
        EXIT WHEN onto IS NULL OR steps >= 1000;
        whose := onto;
        steps := steps + 1;
      END LOOP;
      INSERT INTO campaign_members VALUES (whose, told.programme, told.campaign, 1, told.discount)
      ON CONFLICT (member, programme, campaign) DO UPDATE SET uses = campaign_members.uses + 1,
        discount_kopecks = campaign_members.discount_kopecks + EXCLUDED.discount_kopecks;
    END LOOP;
  END LOOP;
END $$;
ALTER TABLE used_coupons
  ALTER COLUMN number DROP DEFAULT, ALTER COLUMN programme DROP DEFAULT, ALTER COLUMN campaign DROP DEFAULT,
  ALTER COLUMN member DROP DEFAULT, ALTER COLUMN discount_kopecks DROP DEFAULT, ALTER COLUMN uses DROP DEFAULT;
ALTER TABLE coupon_conflicts
  ALTER COLUMN number DROP DEFAULT, ALTER COLUMN programme DROP DEFAULT, ALTER COLUMN campaign DROP DEFAULT,
  ALTER COLUMN member DROP DEFAULT, ALTER COLUMN discount_kopecks DROP DEFAULT, ALTER COLUMN uses DROP DEFAULT;
