-- A receipt is found by what the customer has in hand (its number in its shop and day, its fiscal documents), and what
-- is said of a sale later by the sale: names that nobody has, for char(31) is in no id (hub/books/named.py). Here those
-- of operations of before.
PRAGMA cache_size = -262144;
INSERT OR IGNORE INTO named
WITH told AS (
  SELECT chain, generation, sequence, CASE WHEN json_valid(text) THEN text ELSE '{}' END AS said FROM operations
), bodies AS (
  SELECT chain, generation, sequence, coalesce(json_extract(said, '$.store.id'), '') AS store,
    CASE json_type(said, '$.body') WHEN 'object' THEN json_extract(said, '$.body') ELSE '{}' END AS body
  FROM told
), names AS (
  SELECT chain, generation, sequence, char(31) || 'sale' || char(31) || store || char(31)
    || json_extract(body, '$.sale.day') || char(31) || json_extract(body, '$.sale.number') AS name
  FROM bodies WHERE json_extract(body, '$.type') = 'sale'
  UNION ALL
  SELECT chain, generation, sequence, char(31) || 'fiscal' || char(31)
    || ltrim(json_extract(document.value, '$.document'), '0') || char(31)
    || ltrim(json_extract(document.value, '$.sign'), '0')
  FROM bodies CROSS JOIN json_each(body, '$.fiscal') AS document
  WHERE json_extract(body, '$.type') IN ('sale', 'fiscal_added')
  UNION ALL
  SELECT chain, generation, sequence, char(31) || 'of' || char(31) || json_extract(body, '$.of.chain') || char(31)
    || json_extract(body, '$.of.generation') || char(31) || json_extract(body, '$.of.sequence')
  FROM bodies WHERE json_extract(body, '$.type') IN ('return', 'fiscal_added')
)
SELECT name, chain, generation, sequence FROM names
WHERE name IS NOT NULL AND length(name) <= 300 AND instr(name, char(0)) = 0;
PRAGMA cache_size = -2000;
