CREATE TABLE passwords (
  member TEXT PRIMARY KEY,
  hash TEXT NOT NULL,
  set_at TEXT NOT NULL
);
CREATE TABLE tries (
  whose TEXT PRIMARY KEY,
  wrong INTEGER NOT NULL,
  until_at TEXT NOT NULL,
  tried_at TEXT NOT NULL
);
CREATE INDEX tries_tried ON tries (tried_at);
