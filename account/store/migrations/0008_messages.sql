CREATE TABLE messages_seen (
  member TEXT PRIMARY KEY,
  until TEXT NOT NULL,
  at TEXT NOT NULL
);
