-- What happened to a member is found by his lots, each of which bears the name of the operation that made it, and by this
-- table: operations that made none, by whom they name, or by the card where they name nobody.
CREATE TABLE named (
  name       TEXT NOT NULL,          -- a member's id, or a card's number
  chain      TEXT NOT NULL,
  generation INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,
  PRIMARY KEY (name, chain, generation, sequence)
) STRICT, WITHOUT ROWID;

-- Of operations of before; a text that cannot be read names nobody.
PRAGMA cache_size = -262144;
INSERT OR IGNORE INTO named
WITH bodies AS (
  SELECT chain, generation, sequence, CASE WHEN json_valid(text) THEN
    CASE json_type(text, '$.body') WHEN 'object' THEN json_extract(text, '$.body') END
  END AS body
  FROM operations AS o WHERE reason IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM entries AS e WHERE e.chain = o.chain AND e.generation = o.generation AND e.sequence = o.sequence
    AND e.account = 'member' AND e.lot = o.chain || '/' || o.generation || '/' || printf('%012d', o.sequence)
  )
)
SELECT name.value, chain, generation, sequence FROM bodies CROSS JOIN json_each(json_array(
  json_extract(body, '$.member'), json_extract(body, '$.into'),
  CASE WHEN json_extract(body, '$.member') IS NULL THEN json_extract(body, '$.card') END
)) AS name
WHERE name.type = 'text' AND length(name.value) BETWEEN 1 AND 300 AND instr(name.value, char(0)) = 0;
PRAGMA cache_size = -2000;
