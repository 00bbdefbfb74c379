-- Which generation the file works under; what was done before it was said is of the first.
INSERT INTO settings (name, value)
SELECT 'generation', CAST(max(generation) AS TEXT) FROM operations HAVING max(generation) IS NOT NULL;

-- Operations whose places another file of this till has at the hub: as they were recorded here, and which operation
-- says the same now.
CREATE TABLE astray (
  generation     INTEGER NOT NULL,
  sequence       INTEGER NOT NULL,
  hash           TEXT NOT NULL,
  text           TEXT NOT NULL,
  now_generation INTEGER NOT NULL,
  now_sequence   INTEGER NOT NULL,
  PRIMARY KEY (generation, sequence, hash)
) STRICT, WITHOUT ROWID;
