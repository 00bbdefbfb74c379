-- A receipt is found by what the customer has in hand (its number in its shop and day, its fiscal documents), and what
-- is said of a sale later by the sale: names that nobody has, for chr(31) is in no id (hub/books/named.py). Here those
-- of operations of before.
CREATE FUNCTION pg_temp.receipt_names(said TEXT) RETURNS TEXT[] LANGUAGE plpgsql AS $$
DECLARE
  told  JSON;
  body  JSON;
  kind  TEXT;
  names TEXT[] := '{}';
BEGIN
  told := said::json;
  body := told -> 'body';
  kind := body ->> 'type';
  IF kind = 'sale' THEN
    names := names || (chr(31) || 'sale' || chr(31) || coalesce(told #>> '{store,id}', '') || chr(31)
      || (body #>> '{sale,day}') || chr(31) || (body #>> '{sale,number}'));
  END IF;
  IF kind IN ('sale', 'fiscal_added') THEN
    names := names || ARRAY(
      SELECT chr(31) || 'fiscal' || chr(31) || ltrim(document ->> 'document', '0') || chr(31)
        || ltrim(document ->> 'sign', '0')
      FROM json_array_elements(coalesce(body -> 'fiscal', '[]'::json)) AS document
    );
  END IF;
  IF kind IN ('return', 'fiscal_added') THEN
    names := names || (chr(31) || 'of' || chr(31) || (body #>> '{of,chain}') || chr(31)
      || (body #>> '{of,generation}') || chr(31) || (body #>> '{of,sequence}'));
  END IF;
  RETURN names;
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
    names := pg_temp.receipt_names(kept.text);
    INSERT INTO named SELECT DISTINCT name, kept.chain, kept.generation, kept.sequence
    FROM unnest(names) AS name WHERE length(name) <= 300
    ON CONFLICT DO NOTHING;
  END LOOP;
END $$;
