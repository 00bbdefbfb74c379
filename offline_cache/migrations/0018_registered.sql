-- Members whose card was active when it was blocked here: the card in its place is as good as that one
-- was. The blocked card itself does not say it, and the hub may not be there to.
CREATE TABLE registered (
  member TEXT PRIMARY KEY REFERENCES members ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
