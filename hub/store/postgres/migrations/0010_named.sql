-- What happened to a member is found by his lots, each of which bears the name of the operation that made it, and by this
-- table: operations that made none, by whom they name, or by the card where they name nobody.
CREATE TABLE named (
  name       TEXT COLLATE "C" NOT NULL,  -- a member's id, or a card's number
  chain      TEXT COLLATE "C" NOT NULL,
  generation BIGINT NOT NULL,
  sequence   BIGINT NOT NULL,
  PRIMARY KEY (name, chain, generation, sequence)
);

-- Of operations of before; a text that cannot be read names nobody.
CREATE FUNCTION pg_temp.names_in(said TEXT) RETURNS TEXT[] LANGUAGE plpgsql AS $$
DECLARE
  body JSON;
BEGIN
  body := said::json -> 'body';
  RETURN ARRAY[body ->> 'member', body ->> 'into', CASE WHEN body ->> 'member' IS NULL THEN body ->> 'card' END];
EXCEPTION WHEN data_exception THEN
  RETURN '{}';
END $$;

-- One after the other: where the tables are spread, no statement may join them.
DO $$
DECLARE
  kept  RECORD;
  made  BIGINT;
BEGIN
  FOR kept IN SELECT chain, generation, sequence, text, reason FROM operations LOOP
    made := 0;
    SELECT count(*) INTO made FROM entries
    WHERE chain = kept.chain AND generation = kept.generation AND sequence = kept.sequence AND account = 'member'
      AND lot = kept.chain || '/' || kept.generation || '/' || lpad(kept.sequence::text, 12, '0');
    CONTINUE WHEN kept.reason IS NULL AND made > 0;
    INSERT INTO named SELECT DISTINCT name, kept.chain, kept.generation, kept.sequence
    FROM unnest(pg_temp.names_in(kept.text)) AS name WHERE length(name) BETWEEN 1 AND 300;
  END LOOP;
END $$;
