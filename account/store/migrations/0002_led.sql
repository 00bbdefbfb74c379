CREATE TABLE led (
  member TEXT PRIMARY KEY,
  led_at TEXT NOT NULL
);
