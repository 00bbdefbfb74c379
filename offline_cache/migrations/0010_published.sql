-- What the hub told of this till's programme: from when each is in force, in the order in which it told them. Their files
-- are on the shelf (programmes) as soon as they came.
CREATE TABLE published (
  number    INTEGER PRIMARY KEY,
  version   TEXT NOT NULL,
  hash      TEXT NOT NULL,
  begins_at TEXT                                -- NULL: it only ships with the hub, and is there to be compared
) STRICT;
