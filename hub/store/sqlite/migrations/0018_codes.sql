-- Codes by which somebody shows that a phone is his (hub/codes/), what was sent and is to be sent (hub/sender/), and when
-- a member's phone was shown to be his last. Phones are fingerprints, codes are hashed, and texts are sealed.
CREATE TABLE codes (
  id      TEXT PRIMARY KEY,
  made_at TEXT NOT NULL,
  phone   TEXT NOT NULL,
  member  TEXT NOT NULL,
  body    TEXT NOT NULL              -- JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX codes_made ON codes (made_at, id);

CREATE TABLE messages (
  id      TEXT PRIMARY KEY,
  state   TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
  made_at TEXT NOT NULL,
  body    TEXT NOT NULL              -- JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX messages_made ON messages (made_at, id);
CREATE INDEX messages_state ON messages (state, made_at, id);

CREATE TABLE phones_confirmed (
  member TEXT PRIMARY KEY,
  phone  TEXT NOT NULL,
  at     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
