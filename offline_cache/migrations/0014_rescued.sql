-- Operations that were read from a damaged file and do not follow the one before: whether the hub has them is not known
-- yet. They count, and wait for its word instead of being sent.
CREATE TABLE rescued (
  generation INTEGER NOT NULL,
  sequence   INTEGER NOT NULL,
  PRIMARY KEY (generation, sequence),
  FOREIGN KEY (generation, sequence) REFERENCES operations DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
