-- What a member did is found in the order of moments, so that a page of it reads no more than a page: names of his with
-- the moment; and who has gone into him (hub/books/named.py). Here those of operations of before.
PRAGMA cache_size = -262144;
INSERT OR IGNORE INTO named
WITH told AS (
  SELECT chain, generation, sequence, CASE WHEN json_valid(text) THEN text ELSE '{}' END AS said FROM operations
), bodies AS (
  SELECT chain, generation, sequence, json_extract(said, '$.at') AS at,
    CASE json_type(said, '$.body') WHEN 'object' THEN json_extract(said, '$.body') ELSE '{}' END AS body
  FROM told
), whose AS (
  SELECT chain, generation, sequence, at, one.value AS name FROM bodies CROSS JOIN json_each(json_array(
    json_extract(body, '$.member'),
    CASE WHEN json_extract(body, '$.type') <> 'certificate_replaced' THEN json_extract(body, '$.into') END,
    CASE WHEN json_extract(body, '$.member') IS NULL THEN json_extract(body, '$.card') END
  )) AS one
  WHERE one.type = 'text' AND length(one.value) BETWEEN 1 AND 300
), names AS (
  SELECT char(31) || 'did' || char(31) || name || char(31) || at AS name, chain, generation, sequence FROM whose
  UNION ALL
  SELECT char(31) || 'into' || char(31) || json_extract(body, '$.into'), chain, generation, sequence FROM bodies
  WHERE json_extract(body, '$.type') = 'member_merged'
)
SELECT name, chain, generation, sequence FROM names
WHERE name IS NOT NULL AND length(name) <= 300 AND instr(name, char(0)) = 0;
PRAGMA cache_size = -2000;
