-- What a member did is found in the order of moments, so that a page of it reads no more than a page: names of his with
-- the moment; and who has gone into him (hub/books/named.py). Here those of operations of before.
CREATE FUNCTION pg_temp.moment_names(said TEXT) RETURNS TEXT[] LANGUAGE plpgsql AS $$
DECLARE
  told  JSON;
  body  JSON;
BEGIN
  told := said::json;
  body := told -> 'body';
  RETURN ARRAY(
    SELECT chr(31) || 'did' || chr(31) || name || chr(31) || (told ->> 'at') FROM unnest(ARRAY[
      body ->> 'member',
      CASE WHEN body ->> 'type' <> 'certificate_replaced' THEN body ->> 'into' END,
      CASE WHEN body ->> 'member' IS NULL THEN body ->> 'card' END
    ]) AS name WHERE length(name) BETWEEN 1 AND 300
    UNION ALL
    SELECT chr(31) || 'into' || chr(31) || (body ->> 'into') WHERE body ->> 'type' = 'member_merged'
  );
EXCEPTION WHEN data_exception THEN
  RETURN '{}';
END $$;

-- One after the other: where the tables are spread, no statement may join them.
DO $$
DECLARE
  kept  RECORD;
  names TEXT[];
BEGIN
  FOR kept IN SELECT chain, generation, sequence, text FROM operations LOOP
    names := pg_temp.moment_names(kept.text);
    INSERT INTO named SELECT DISTINCT name, kept.chain, kept.generation, kept.sequence
    FROM unnest(names) AS name WHERE length(name) <= 300
    ON CONFLICT DO NOTHING;
  END LOOP;
END $$;
